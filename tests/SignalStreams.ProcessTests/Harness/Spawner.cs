using System.Collections;
using System.Runtime.InteropServices;

namespace SignalStreams.ProcessTests;

/// <summary>Starts a process with default dispositions and an empty mask, whatever the test runner's are, in a process group of its own.</summary>
internal static unsafe class Spawner
{
    static Spawner()
    {
        // SIGQUIT would write a core file at every other test.
        var limits = stackalloc ulong[2];
        if (LibC.GetLimit(LibC.CoreSize, limits) == 0)
        {
            limits[0] = 0;
            _ = LibC.SetLimit(LibC.CoreSize, limits);
        }
    }

    public static int Spawn(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, Pipes pipes)
    {
        var attributes = stackalloc byte[LibC.OpaqueSize];
        var actions = stackalloc byte[LibC.OpaqueSize];
        var signals = stackalloc byte[LibC.OpaqueSize];
        _ = LibC.InitAttributes(attributes);
        _ = LibC.InitActions(actions);
        _ = LibC.FillSet(signals);
        _ = LibC.SetDefaults(attributes, signals);
        _ = LibC.EmptySet(signals);
        _ = LibC.SetMask(attributes, signals);
        var place = pipes.TerminalPath is null ? LibC.SpawnSetGroup : LibC.SpawnSetSession;
        _ = LibC.SetFlags(attributes, (short)(LibC.SpawnSetDefaults | LibC.SpawnSetMask | place));
        Connect(actions, pipes);

        var arguments = ToNative(command);
        var variables = ToNative(Merge(environment));
        try
        {
            int pid;
            var error = LibC.Spawn(&pid, arguments[0], actions, attributes, arguments, variables);
            return error == 0 ? pid
                : throw new InvalidOperationException($"'{string.Join(' ', command)}' could not be started: {Marshal.GetPInvokeErrorMessage(error)}.");
        }
        finally
        {
            Free(arguments);
            Free(variables);
            _ = LibC.DestroyActions(actions);
            _ = LibC.DestroyAttributes(attributes);
        }
    }

    private static void Connect(byte* actions, Pipes pipes)
    {
        // A terminal that a session leader opens becomes the one that controls it.
        if (pipes.ChildInputEnd >= 0)
        {
            _ = LibC.AddDuplicate(actions, pipes.ChildInputEnd, 0);
        }
        else
        {
            _ = LibC.AddOpen(actions, 0, pipes.TerminalPath ?? "/dev/null", LibC.ReadWrite, 0);
        }

        var output = pipes.TerminalPath is null ? pipes.ChildOutput : 0;
        _ = LibC.AddDuplicate(actions, output, 1);
        _ = LibC.AddDuplicate(actions, output, 2);
    }

    private static List<string> Merge(IReadOnlyDictionary<string, string> environment)
    {
        var merged = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value);
        foreach (var (name, value) in environment)
        {
            merged[name] = value;
        }

        return [.. merged.Select(entry => $"{entry.Key}={entry.Value}")];
    }

    private static byte** ToNative(IReadOnlyList<string> strings)
    {
        var array = (byte**)NativeMemory.AllocZeroed((nuint)(strings.Count + 1), (nuint)sizeof(byte*));
        for (var i = 0; i < strings.Count; i++)
        {
            array[i] = (byte*)Marshal.StringToCoTaskMemUTF8(strings[i]);
        }

        return array;
    }

    private static void Free(byte** strings)
    {
        for (var i = 0; strings[i] is not null; i++)
        {
            Marshal.FreeCoTaskMem((nint)strings[i]);
        }

        NativeMemory.Free(strings);
    }
}
