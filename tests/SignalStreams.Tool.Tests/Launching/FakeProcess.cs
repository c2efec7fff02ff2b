using System.Threading.Channels;

namespace SignalStreams.Tool.Tests;

/// <summary>A process that does what a test says.</summary>
internal sealed class FakeProcess : ILaunchedProcess
{
    private readonly TaskCompletionSource<ProcessExitStatus> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<OutputLine> _lines = Channel.CreateUnbounded<OutputLine>();
    private readonly Channel<SupervisedProcessEvent> _events = Channel.CreateUnbounded<SupervisedProcessEvent>();
    private IProgress<StopStep>? _progress;
    private StopPlan? _plan;
    private int _calls;

    public int Id => 4711;

    public int Restarts { get; set; }

    /// <summary>How often it was asked to end, and has reported that.</summary>
    public int Asked { get; private set; }

    public bool IsKilled { get; private set; }

    public bool IsDisposed { get; private set; }

    /// <summary>Whether SIGKILL, and nothing else, ends it.</summary>
    public bool IsDeaf { get; set; }

    public Task<ProcessExitStatus> Completion => _completion.Task;

    public void End(ProcessExitStatus status)
    {
        _lines.Writer.TryComplete();
        _events.Writer.TryComplete();
        _completion.TrySetResult(status);
    }

    public void End(int code) => End(ProcessExitStatus.FromCode(code));

    public void Write(string text, bool isError = false) => _lines.Writer.TryWrite(new OutputLine(System.Text.Encoding.UTF8.GetBytes(text), isError, true, Id));

    public void Happen(SupervisedProcessEvent what) => _events.Writer.TryWrite(what);

    public void Report(int number, int attempt) =>
        _progress!.Report(new StopStep(number, _plan!.Steps[number], attempt, TimeSpan.Zero, [new ProcessIdentity { Id = Id, Name = "fake" }], []));

    public IAsyncEnumerable<OutputLine> ReadLinesAsync() => _lines.Reader.ReadAllAsync();

    public IAsyncEnumerable<SupervisedProcessEvent> ReadEventsAsync() => _events.Reader.ReadAllAsync();

    public async Task<StopOutcome> StopAsync(StopPlan plan, IProgress<StopStep> progress, CancellationToken cancellationToken)
    {
        (_plan, _progress) = (plan, progress);
        var call = Interlocked.Increment(ref _calls);
        var step = Math.Min(call, plan.Steps.Count) - 1;
        Report(step, 1);
        Asked = call;
        if (plan.Steps[step].Signal == SIGKILL)
        {
            Kill();
        }
        else if (!IsDeaf)
        {
            End(0);
        }

        var status = await _completion.Task.WaitAsync(cancellationToken);
        return new StopOutcome { Result = IsKilled ? StopResult.Killed : StopResult.Graceful, Target = "fake", Elapsed = TimeSpan.Zero, ExitStatus = status };
    }

    public void Kill()
    {
        IsKilled = true;
        End(ProcessExitStatus.FromSignal(SIGKILL));
    }

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }
}
