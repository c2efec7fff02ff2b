using System.Reactive.Linq;
using System.Reactive.Subjects;

namespace SignalStreams.Tests.Reactive;

public sealed class ToCancellationTokenSourceTests
{
    [Fact]
    public async Task First_element_cancels_and_the_signal_stays_claimed_until_the_disposal()
    {
        using var test = new TestSignalHub();
        using (var cts = test.Hub.Observe(SIGTERM).ToCancellationTokenSource())
        {
            Assert.False(cts.IsCancellationRequested);
            test.Raise(SIGTERM);
            await Patience.UntilAsync(() => cts.IsCancellationRequested, "the cancellation");
            Assert.True(test.Raise(SIGTERM));
        }

        Assert.Empty(test.Listeners);
        Assert.Null(test.Ended);
    }

    [Fact]
    public void Element_in_the_course_of_subscribing_cancels_at_once()
    {
        using var cts = Observable.Return(1).ToCancellationTokenSource();
        Assert.True(cts.IsCancellationRequested);
    }

    [Fact]
    public void Completion_without_an_element_does_not_cancel()
    {
        using var subject = new Subject<int>();
        using var cts = subject.ToCancellationTokenSource();
        using var empty = Observable.Empty<int>().ToCancellationTokenSource();
        subject.OnCompleted();
        Assert.False(cts.IsCancellationRequested);
        Assert.False(empty.IsCancellationRequested);
    }

    [Fact]
    public void Error_in_the_course_of_subscribing_is_thrown_at_the_call()
    {
        var error = new IOException("no more signals");
        var hub = new SignalHub(new RefusingSource(SIGTERM), new TestProcessExit(), TimeProvider.System);
        Assert.Equal("refused", Assert.Throws<IOException>(() => { hub.Observe(SIGTERM).ToCancellationTokenSource(); }).Message);
        Assert.Same(error, Assert.Throws<IOException>(() => { Observable.Throw<int>(error).ToCancellationTokenSource(); }));
        Assert.Same(error, Assert.Throws<IOException>(() => { Observable.Return(1).Concat(Observable.Throw<int>(error)).ToCancellationTokenSource(); }));
        Assert.Same(error, Assert.Throws<IOException>(() => { Observable.Create<int>(IDisposable (_) => throw error).ToCancellationTokenSource(); }));
    }

    [Fact]
    public async Task Later_error_cancels_and_is_reported()
    {
        using var reports = new Reports();
        using var subject = new Subject<int>();
        using var cts = subject.ToCancellationTokenSource();
        var text = Reports.UniqueText();
        subject.OnError(new IOException(text));
        Assert.True(cts.IsCancellationRequested);
        Assert.Equal("ToCancellationTokenSource", (await reports.FailureAsync(text)).Surface);
    }

    [Fact]
    public async Task Callback_that_throws_is_reported_and_the_others_run()
    {
        using var reports = new Reports();
        using var subject = new Subject<int>();
        using var cts = subject.ToCancellationTokenSource();
        var text = Reports.UniqueText();
        var called = false;
        using var a = cts.Token.Register(() => called = true);
        using var b = cts.Token.Register(() => throw new InvalidOperationException(text));
        subject.OnNext(1);
        Assert.True(called);
        Assert.Equal("ToCancellationTokenSource", (await reports.FailureAsync(text)).Surface);
    }

    [Fact]
    public void Disposing_unsubscribes()
    {
        using var subject = new Subject<int>();
        var cts = subject.ToCancellationTokenSource();
        var token = cts.Token;
        Assert.True(subject.HasObservers);
        cts.Dispose();
        Assert.False(subject.HasObservers);
        subject.OnNext(1);
        Assert.False(token.IsCancellationRequested);
    }

    [Fact]
    public void Element_that_comes_after_the_disposal_harms_nobody()
    {
        IObserver<int>? observer = null;
        var cts = new Unruly(o => observer = o).ToCancellationTokenSource();
        var token = cts.Token;
        cts.Dispose();
        observer!.OnNext(1);
        observer.OnCompleted();
        Assert.False(token.IsCancellationRequested);
    }

    [Fact]
    public void Null_is_refused() =>
        Assert.Throws<ArgumentNullException>("source", () => { ((IObservable<int>)null!).ToCancellationTokenSource(); });

    private sealed class Unruly(Action<IObserver<int>> subscribed) : IObservable<int>
    {
        public IDisposable Subscribe(IObserver<int> observer)
        {
            subscribed(observer);
            return System.Reactive.Disposables.Disposable.Empty;
        }
    }
}
