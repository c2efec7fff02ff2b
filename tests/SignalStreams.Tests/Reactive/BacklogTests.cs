using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;

namespace SignalStreams.Tests.Reactive;

/// <summary>Signals that wait in the receiver when somebody subscribes.</summary>
public sealed class BacklogTests
{
    [Fact]
    public async Task Operator_that_takes_one_leaves_the_others_to_the_next()
    {
        using var test = new TestSignalHub();
        await using var receiver = test.Hub.OpenSignalReceiver(SIGHUP, SIGTERM);
        test.Raise(SIGHUP);
        test.Raise(SIGTERM);
        Assert.Equal(SIGHUP, await receiver.ToObservable().FirstAsync().ToTask(TestContext.Current.CancellationToken).WithLimit());
        Assert.Equal(SIGTERM, await receiver.ToObservable().FirstAsync().ToTask(TestContext.Current.CancellationToken).WithLimit());
    }

    [Fact]
    public async Task Termination_that_an_operator_left_is_raised_again_when_the_receiver_closes()
    {
        using var test = new TestSignalHub();
        var receiver = test.Hub.OpenSignalReceiver(Harmless.Signal, SIGTERM);
        test.Raise(Harmless.Signal);
        test.Raise(SIGTERM);
        Assert.Equal([Harmless.Signal], await receiver.ToObservable().Take(1).ToList().ToTask(TestContext.Current.CancellationToken).WithLimit());
        receiver.Dispose();
        Assert.Equal(SIGTERM, test.Ended?.Signal);
    }

    [Fact]
    public async Task Observer_that_throws_is_not_called_again()
    {
        using var test = new TestSignalHub();
        using var reports = new Reports();
        await using var receiver = test.Hub.OpenSignalReceiver(SIGHUP, SIGTERM);
        test.Raise(SIGHUP);
        test.Raise(SIGTERM);
        var text = Reports.UniqueText();
        var calls = 0;
        using var subscription = receiver.ToObservable().Subscribe(_ =>
        {
            calls++;
            throw new InvalidOperationException(text);
        });
        await reports.FailureAsync(text);
        Assert.Equal(1, calls);
        Assert.True(receiver.TryReceive(out var left));
        Assert.Equal(SIGTERM, left);
    }
}
