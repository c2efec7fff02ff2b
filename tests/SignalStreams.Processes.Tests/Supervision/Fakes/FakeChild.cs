using System.IO.Pipelines;
using System.Text;

namespace SignalStreams.Processes.Tests;

/// <summary>A child that does what a test says.</summary>
internal sealed class FakeChild : IStartedChild
{
    private readonly TaskCompletionSource<ProcessExitStatus> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public FakeChild(ChildStart start, int id)
    {
        Start = start;
        Identity = new ProcessIdentity { Id = id, StartTime = id, Name = "fake" };
        Input = start.RedirectInput ? new MemoryStream() : null;
        Output = start.RedirectOutput ? Stdout.Reader.AsStream() : null;
        Error = start.RedirectError ? Stderr.Reader.AsStream() : null;
    }

    public ChildStart Start { get; }

    // As a real pipe: the writer waits at 64 KiB.
    public Pipe Stdout { get; } = new(new PipeOptions(pauseWriterThreshold: 65536, resumeWriterThreshold: 65535, useSynchronizationContext: false));

    public Pipe Stderr { get; } = new(new PipeOptions(pauseWriterThreshold: 65536, resumeWriterThreshold: 65535, useSynchronizationContext: false));

    public List<ShutdownSignal> Sent { get; } = [];

    public int Kills { get; private set; }

    public bool IsDisposed { get; private set; }

    /// <summary>Whether killing leaves it alive, as in an uninterruptible wait.</summary>
    public bool IsUnkillable { get; init; }

    /// <summary>Whether a descendant keeps the pipes open.</summary>
    public bool HoldsPipes { get; set; }

    public ProcessIdentity Identity { get; }

    public ProcessContainment Containment => ProcessContainment.Keeper;

    public Task<ProcessExitStatus> Exit => _exit.Task;

    public Task Gone => _gone.Task;

    public Stream? Input { get; }

    public Stream? Output { get; }

    public Stream? Error { get; }

    public async Task WriteAsync(string text, bool toError = false) => await WriteAsync(Encoding.UTF8.GetBytes(text), toError);

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes, bool toError = false) => await (toError ? Stderr : Stdout).Writer.WriteAsync(bytes);

    /// <summary>It ends; a descendant may live on.</summary>
    public void End(ProcessExitStatus status, bool leavesDescendants = false)
    {
        if (!HoldsPipes)
        {
            Stdout.Writer.Complete();
            Stderr.Writer.Complete();
        }

        _exit.TrySetResult(status);
        if (!leavesDescendants)
        {
            _gone.TrySetResult();
        }
    }

    public void Fail() => End(ProcessExitStatus.FromCode(1));

    public SendResult Send(ShutdownSignal signal, int? value)
    {
        Sent.Add(signal);
        return Exit.IsCompleted ? SendOutcome.Gone : SendOutcome.Sent;
    }

    public SendResult SendToGroup(ShutdownSignal signal) => Send(signal, null);

    public IStopScope OpenStopScope() => new FakeChildScope(this);

    public void KillAll()
    {
        Kills++;
        if (!IsUnkillable)
        {
            End(ProcessExitStatus.FromSignal(SIGKILL));
        }
    }

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        KillAll();
        return ValueTask.CompletedTask;
    }
}
