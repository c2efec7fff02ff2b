using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Snippets;

public sealed class WaitingSnippets : SnippetTests
{
    [Fact]
    public async Task Wait_is_asynchronous()
    {
        using var test = TestSignals.Install();
        var wait = WaitAsync();
        test.Raise(SIGQUIT);
        await wait.WithLimit();
        Assert.Equal(["SIGQUIT"], Console.Lines);

        async Task WaitAsync()
        {
            #region Wait_is_asynchronous
            var signal = await Signals.WaitForShutdownAsync();
            Console.WriteLine(signal);
            #endregion
        }
    }

    [Fact]
    public async Task Wait_is_given_up()
    {
        using var test = TestSignals.Install();
        using var stopping = new CancellationTokenSource();
        var wait = WaitAsync();
        await stopping.CancelAsync();
        await wait.WithLimit();
        Assert.Equal(["no signal came"], Console.Lines);
        Assert.Empty(test.Listeners);

        async Task WaitAsync()
        {
            #region Wait_is_given_up
            try
            {
                await Signals.WaitForShutdownAsync([SIGINT, SIGTERM], stopping.Token);
            }
            catch (OperationCanceledException)
            {
                Console.WriteLine("no signal came");    // and the signals are given back
            }
            #endregion
        }
    }

    [Fact]
    public async Task Callback_may_be_asynchronous()
    {
        using var test = TestSignals.Install();
        var flushed = new TaskCompletionSource();
        async Task FlushAsync()
        {
            await Task.Yield();
            flushed.SetResult();
        }

        #region Callback_may_be_asynchronous
        using var registration = Signals.OnShutdown(async signal => await FlushAsync(), SIGTERM);
        #endregion
        test.Raise(SIGTERM);
        await flushed.Task.WithLimit();
    }

    [Fact]
    public async Task Pump_is_stopped()
    {
        using var test = TestSignals.Install();
        var pump = new Pump();
        var main = Task.Run(() =>
        {
            #region Pump_is_stopped
            using var registration = Signals.OnShutdown(_ => pump.Post(_ => pump.Complete(), null));
            pump.Run();     // on this thread, until it is completed
            #endregion
        }, TestToken);
        await test.WaitForListenerAsync(SIGTERM, cancellationToken: TestToken);
        test.Raise(SIGTERM);
        await main.WithLimit();
    }

    [Fact]
    public async Task Host_is_stopped()
    {
        using var test = TestSignals.Install();
        using var host = new HostBuilder().Build();
        var main = RunAsync();
        await test.WaitForListenerAsync(SIGUSR1, cancellationToken: TestToken);
        test.Raise(SIGUSR1);
        await main.WithLimit();

        async Task RunAsync()
        {
            #region Host_is_stopped
            var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
            using var registration = Signals.OnShutdown(_ => lifetime.StopApplication(), SIGUSR1);
            await host.RunAsync();
            #endregion
        }
    }

    [Fact]
    public async Task Event_loop_is_stopped()
    {
        using var test = TestSignals.Install();
        var main = RunAsync();
        await test.WaitForListenerAsync(SIGTERM, cancellationToken: TestToken);
        test.Raise(SIGTERM);
        await main.WithLimit();

        static void Tick()
        {
        }

        static async Task RunAsync()
        {
            #region Event_loop_is_stopped
            using var loop = new EventLoopScheduler();
            using var stopped = new Subject<Unit>();
            using var registration = Signals.OnShutdown(_ => stopped.OnNext(Unit.Default));
            await Observable.Interval(TimeSpan.FromSeconds(1), loop).Do(_ => Tick()).TakeUntil(stopped).LastOrDefaultAsync();
            #endregion
        }
    }

    [Fact]
    public void Body_chooses_its_exit_code()
    {
        using var test = TestSignals.Install();
        Assert.Equal(0, Main());
        Assert.Null(test.Ended);

        int Main()
        {
            #region Body_chooses_its_exit_code
            return Signals.Run(async token =>
            {
                await ServeAsync(token);
                return 0;           // a code of its own: the signal does not show in the exit status
            });
            #endregion
        }

        async Task ServeAsync(CancellationToken cancellationToken)
        {
            test.Raise(SIGTERM);
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [Fact]
    public async Task Program_ends_by_the_signal_that_it_read()
    {
        using var test = TestSignals.Install();
        var ended = await Assert.ThrowsAsync<ProcessEndedException>(RunAsync);
        Assert.Equal((SIGTERM, 143), (ended.End?.Signal, ended.End?.ExitCode));
        Assert.Equal(["cleaned up"], Console.Lines);

        async Task RunAsync()
        {
            using var receiver = Signals.OpenSignalReceiver(SIGTERM);
            test.Raise(SIGTERM);

            #region Program_ends_by_the_signal_that_it_read
            var signal = await receiver.ReceiveAsync();
            Console.WriteLine("cleaned up");
            receiver.Dispose();
            Signals.ExitBySignal(signal);       // does not return
            #endregion
        }
    }
}
