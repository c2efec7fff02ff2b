using System.Collections.Concurrent;

namespace SignalStreams.Tests.Stress;

/// <summary>A thread that runs what is posted to it, one piece after the other, as the loop of a user interface does.</summary>
internal sealed class SingleThreadContext : SynchronizationContext, IDisposable
{
    private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _posted = [];
    private readonly Thread _thread;

    private SingleThreadContext()
    {
        _thread = new Thread(Pump) { IsBackground = true, Name = nameof(SingleThreadContext) };
        _thread.Start();
    }

    public static bool IsCurrent => Current is SingleThreadContext context && context._thread == Thread.CurrentThread;

    /// <summary>Runs an async function on a thread of its own, whose context all of its continuations return to.</summary>
    public static async Task RunAsync(Func<Task> body)
    {
        using var context = new SingleThreadContext();
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        context.Post(
            async _ =>
            {
                try
                {
                    await body();
                    Assert.True(IsCurrent, "The end of the body ran elsewhere.");
                    ended.SetResult();
                }
#pragma warning disable CA1031 // It is the test's.
                catch (Exception e)
#pragma warning restore CA1031
                {
                    ended.SetException(e);
                }
            },
            null);
        await ended.Task.WithLimit();
    }

    public override void Post(SendOrPostCallback d, object? state) => _posted.Add((d, state));

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nothing may block on this thread.");

    public override SynchronizationContext CreateCopy() => this;

    public void Dispose()
    {
        _posted.CompleteAdding();

        // A piece that blocks for ever keeps its thread; the test has failed by then, and must not hang for it.
        if (_thread.Join(Patience.Limit))
        {
            _posted.Dispose();
        }
    }

    private void Pump()
    {
        SetSynchronizationContext(this);
        foreach (var (callback, state) in _posted.GetConsumingEnumerable())
        {
            callback(state);
        }
    }
}
