using System.Text;

namespace SignalStreams.ProcessTests;

/// <summary>The test's ends and the child's ends of what connects them.</summary>
internal sealed unsafe class Pipes : IDisposable
{
    private readonly List<int> _childEnds = [];

    /// <param name="input">What the child gets as standard input.</param>
    public Pipes(ChildInput input)
    {
        if (input == ChildInput.Terminal)
        {
            OutputEnd = InputEnd = LibC.Checked(LibC.OpenTerminal(LibC.ReadWrite | LibC.NoControllingTerminal | LibC.CloseOnExec), "posix_openpt");
            LibC.Checked(LibC.UnlockTerminal(OutputEnd), "unlockpt");
            var name = stackalloc byte[LibC.OpaqueSize];
            LibC.Checked(-LibC.TerminalName(OutputEnd, name, LibC.OpaqueSize), "ptsname_r");
            TerminalPath = Encoding.UTF8.GetString(name, new ReadOnlySpan<byte>(name, LibC.OpaqueSize).IndexOf((byte)0));
            return;
        }

        (OutputEnd, ChildOutput) = Pipe();
        _childEnds.Add(ChildOutput);
        if (input == ChildInput.Pipe)
        {
            (ChildInputEnd, InputEnd) = Pipe();
            _childEnds.Add(ChildInputEnd);
        }
    }

    /// <summary>Where the child's output is read.</summary>
    public int OutputEnd { get; }

    /// <summary>Where the child's input is written; -1 without.</summary>
    public int InputEnd { get; private set; } = -1;

    public int ChildOutput { get; } = -1;

    public int ChildInputEnd { get; } = -1;

    /// <summary>The terminal that the child opens; null without.</summary>
    public string? TerminalPath { get; }

    /// <summary>Closes what only the child must hold, so that its end is seen.</summary>
    public void CloseChildEnds()
    {
        _childEnds.ForEach(Close);
        _childEnds.Clear();
    }

    /// <summary>Ends the child's input.</summary>
    public void CloseInput()
    {
        if (InputEnd >= 0 && InputEnd != OutputEnd)
        {
            Close(InputEnd);
            InputEnd = -1;
        }
    }

    public void Dispose()
    {
        CloseChildEnds();
        CloseInput();
        Close(OutputEnd);
    }

    private static void Close(int descriptor) => _ = LibC.Close(descriptor);

    private static (int Read, int Write) Pipe()
    {
        var ends = stackalloc int[2];
        LibC.Checked(LibC.Pipe(ends, LibC.CloseOnExec), "pipe2");
        return (ends[0], ends[1]);
    }
}
