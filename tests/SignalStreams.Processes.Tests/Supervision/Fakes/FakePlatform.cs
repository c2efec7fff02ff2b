using System.Diagnostics;
using System.Threading.Channels;

namespace SignalStreams.Processes.Tests;

/// <summary>A platform whose children do what a test says, with a stop that sends one SIGTERM and waits.</summary>
internal sealed class FakePlatform : IProcessPlatform
{
    private readonly Channel<FakeChild> _started = Channel.CreateUnbounded<FakeChild>();
    private int _lastId = 100;

    public FakePlatform() => Parts = new SupervisionParts(this, StopAsync, () => 0.5);

    public SupervisionParts Parts { get; set; }

    /// <summary>Is asked before each start; what it throws is thrown.</summary>
    public Action? BeforeStart { get; set; }

    /// <summary>Is called when the child runs and the start has not returned.</summary>
    public Action? BeforeReturn { get; set; }

    public int Starts { get; private set; }

    public List<FakeChildScope> Stops { get; } = [];

    public StopPlan? LastPlan { get; private set; }

    public bool ChildrenAreUnkillable { get; set; }

    /// <summary>The next child that was started.</summary>
    public async Task<FakeChild> NextAsync() => await _started.Reader.ReadAsync().AsTask().WaitAsync(SupervisionLimits.Test);

    public bool TryNext(out FakeChild? child) => _started.Reader.TryRead(out child);

    public IStartedChild Start(ChildStart start)
    {
        Starts++;
        BeforeStart?.Invoke();
        var child = new FakeChild(start, ++_lastId) { IsUnkillable = ChildrenAreUnkillable };
        _started.Writer.TryWrite(child);
        BeforeReturn?.Invoke();
        return child;
    }

    public ProcessIdentity? Identify(int processId) => throw new NotSupportedException();

    public ProcessIdentity? Identify(Process process) => throw new NotSupportedException();

    public SendResult Send(ProcessTarget target, ShutdownSignal signal, int? value) => throw new NotSupportedException();

    public IStopScope Open(ProcessTarget target) => throw new NotSupportedException();

    private async Task<StopOutcome> StopAsync(
        IStopScope scope, StopPlan plan, IProgress<StopStep>? progress, TimeProvider time, CancellationToken cancellationToken)
    {
        var fake = (FakeChildScope)scope;
        lock (Stops)
        {
            Stops.Add(fake);
            LastPlan = plan;
        }

        scope.Send(fake.Child.Identity, SIGTERM);
        try
        {
            await scope.Gone.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            scope.Dispose();
        }

        return new StopOutcome { Result = StopResult.Graceful, Target = scope.Description, Elapsed = TimeSpan.Zero, ExitStatus = scope.ExitStatus };
    }
}
