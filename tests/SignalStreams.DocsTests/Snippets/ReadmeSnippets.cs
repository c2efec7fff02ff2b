using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Snippets;

public sealed class ReadmeSnippets : SnippetTests
{
    [Fact]
    public async Task Signals_wait_in_the_buffer()
    {
        using var test = TestSignals.Install();
        Task LoadConfigurationAsync()
        {
            test.Raise(SIGHUP);
            return Task.CompletedTask;
        }

        #region Signals_wait_in_the_buffer
        await using var receiver = Signals.OpenSignalReceiver(SIGHUP);
        await LoadConfigurationAsync();                 // a SIGHUP that arrives now waits in the buffer
        var signal = await receiver.ReceiveAsync();     // and is received here
        #endregion
        Assert.Equal(SIGHUP, signal);
    }

    [Fact]
    public async Task Token_says_which_signal()
    {
        using var test = TestSignals.Install();
        Task ServeAsync(CancellationToken cancellationToken)
        {
            test.Raise(SIGTERM);
            return Task.Delay(Timeout.Infinite, cancellationToken);
        }

        #region Token_says_which_signal
        using var shutdown = Signals.CancelOn(SIGINT, SIGTERM);
        try
        {
            await ServeAsync(shutdown.Token);
        }
        catch (OperationCanceledException) when (shutdown.Signal is { } signal)
        {
            Console.WriteLine($"asked to stop by {signal}");
        }
        #endregion
        Assert.Equal(["asked to stop by SIGTERM"], Console.Lines);
    }

    [Fact]
    public async Task Delivery_says_who()
    {
        using var test = TestSignals.Install();
        await using var receiver = Signals.OpenSignalReceiver(SIGTERM);
        test.Raise(SIGTERM, new SignalOrigin { Kind = SignalOriginKind.Process, ProcessId = 1, UserId = 0 });

        #region Delivery_says_who
        await foreach (var delivery in receiver.ReadDeliveriesAsync())
        {
            Console.WriteLine($"{delivery.Sequence}: {delivery}");      // 1: SIGTERM from pid 1, uid 0
            break;
        }
        #endregion
        Assert.Equal(["1: SIGTERM from pid 1, uid 0"], Console.Lines);
    }

    [Fact]
    public async Task Main_thread_waits()
    {
        using var test = TestSignals.Install();
        using var server = new Server();
        var main = Task.Run(() =>
        {
            #region Main_thread_waits
            server.Start();
            var signal = Signals.WaitForShutdown();     // blocks until SIGHUP, SIGINT, SIGQUIT or SIGTERM
            Console.WriteLine($"{signal}: stopping");
            server.Stop();
            #endregion
        }, TestToken);
        await test.WaitForListenerAsync(SIGTERM, cancellationToken: TestToken);
        test.Raise(SIGTERM);
        await main.WithLimit();
        Assert.Equal(["SIGTERM: stopping"], Console.Lines);
    }

    [Fact]
    public async Task Loop_is_stopped()
    {
        using var test = TestSignals.Install();
        using var server = new Server();
        var main = Task.Run(() =>
        {
            #region Loop_is_stopped
            using var registration = Signals.OnShutdown(signal => server.Stop());
            server.Run();                               // returns once it is stopped
            #endregion
        }, TestToken);
        await test.WaitForListenerAsync(SIGTERM, cancellationToken: TestToken);
        test.Raise(SIGTERM);
        await main.WithLimit();
    }

    [Fact]
    public async Task Attempts_escalate()
    {
        using var test = TestSignals.Install();
        using var shutdown = Signals.CancelOn();

        #region Attempts_escalate
        Signals.Hub.MaxAttempts = 2;                    // or SignalHub.UnlimitedAttempts
        #endregion
        test.Raise(SIGINT);
        Assert.Null(test.Ended);
        test.Raise(SIGTERM);
        Assert.Equal(TestProcessEndCause.TooManyAttempts, (await test.WaitForEndAsync(cancellationToken: TestToken)).Cause);
    }

    [Fact]
    public void Inherited_ignore_is_named()
    {
        using var test = TestSignals.Install();

        #region Inherited_ignore_is_named
        using var receiver = Signals.OpenSignalReceiver(SIGHUP, SIGTERM);
        foreach (var signal in receiver.Ignored)
        {
            Console.WriteLine($"{signal} is ignored, as nohup asked");
        }
        #endregion
        Assert.Empty(Console.Lines);
    }

    [Fact]
    public async Task Tasks_end_together()
    {
        using var test = TestSignals.Install();
        async Task ServeAsync(Action<int> started, CancellationToken cancellationToken)
        {
            started(8080);
            test.Raise(SIGTERM);
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        #region Tasks_end_together
        await TaskGroup.RunAsync(async group =>
        {
            group.CancelOn(SIGINT, SIGTERM);
            var port = await group.StartAsync<int>("server", ServeAsync);       // waits until the server says its port
            Console.WriteLine($"ready on port {port}");
        });
        Console.WriteLine("all have ended");
        #endregion
        Assert.Equal(["ready on port 8080", "all have ended"], Console.Lines);
    }

    [Fact]
    public async Task Handler_always_runs()
    {
        using var test = TestSignals.Install();
        var lockFile = Path.GetTempFileName();

        #region Handler_always_runs
        ExitHandlers.Register(() => File.Delete(lockFile));
        #endregion
        test.Raise(SIGTERM);
        await test.WaitForEndAsync(cancellationToken: TestToken);
        Assert.False(File.Exists(lockFile));
    }

    [Fact]
    public void Block_is_not_torn()
    {
        using var test = TestSignals.Install();
        string[] orders = ["first", "second", "third"];
        void Book(string order)
        {
            if (order == "second")
            {
                test.Raise(SIGINT);
            }

            Console.WriteLine(order);
        }

        Assert.Throws<ShutdownRequestedException>(Main);
        Assert.Equal(["first", "second"], Console.Lines);
        Assert.Equal(SIGINT, test.ReturnFromMain().Signal);

        void Main()
        {
            #region Block_is_not_torn
            using var block = ShutdownProtection.Enter(TimeSpan.FromSeconds(4));
            foreach (var order in orders)
            {
                Book(order);            // no signal comes between, for four seconds
                block.AllowBreak();     // it may here
            }
            #endregion
        }
    }

    [Fact]
    public async Task Service_is_tested()
    {
        #region Service_is_tested
        await using var test = new TestSignalHub();
        var service = new Service(test.Hub);            // in the program: new Service(SignalHub.Default)
        var running = service.RunAsync();

        await test.WaitForListenerAsync(SIGTERM);
        test.Raise(SIGTERM);

        await running;
        Assert.True(service.IsSaved);
        #endregion
    }

    [Fact]
    public async Task By_hand()
    {
        var loop = Task.Run(async () =>
        {
            #region By_hand
            var signals = Channel.CreateUnbounded<PosixSignal>();
            void Record(PosixSignalContext context)
            {
                context.Cancel = true;
                signals.Writer.TryWrite(context.Signal);
            }

            using var hup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Record);
            using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Record);
            await foreach (var signal in signals.Reader.ReadAllAsync())
            {
                if (signal == PosixSignal.SIGTERM) break;
                Console.WriteLine("reloading the configuration");
            }
            #endregion
        }, TestToken);
        await Patience.UntilAsync(() => PosixSignalRegistration.Fire(PosixSignal.SIGTERM), "a registration of SIGTERM");
        await loop.WithLimit();
        Assert.Empty(Console.Lines);
    }

    private sealed class Server : IDisposable
    {
        private readonly ManualResetEventSlim _stopped = new();

        public void Start() => Assert.False(_stopped.IsSet);

        public void Run() => _stopped.Wait(TestToken);

        public void Stop() => _stopped.Set();

        public void Dispose()
        {
            Assert.True(_stopped.IsSet);
            _stopped.Dispose();
        }
    }

    private sealed class Service(SignalHub signals)
    {
        public bool IsSaved { get; private set; }

        public async Task RunAsync()
        {
            using var shutdown = signals.CancelOn(SIGTERM);
            await Task.Delay(Timeout.Infinite, shutdown.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            IsSaved = true;
        }
    }

    [Fact]
    public async Task Process_is_stopped()
    {
        using var child = await ShellChild.StartAsync();
        var processId = child.Id;

        #region Process_is_stopped
        var plan = StopPlan.Send(SIGINT, patience: TimeSpan.FromSeconds(10)).ThenKill();
        var outcome = await GracefulStop.StopAsync(ProcessTarget.Tree(processId), plan);
        Console.WriteLine(outcome);     // the tree of process 12 (server) ended 0.3 s after SIGINT
        #endregion
        Assert.Equal((StopResult.Graceful, SIGINT), (outcome.Result, outcome.LastSignal));
        Assert.StartsWith($"the tree of process {processId} (sh) ended ", Console.Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Children_are_supervised()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no sh.");
        using var test = TestSignals.Install();
        var main = RunAsync();
        await Console.LineAsync(TestToken);
        test.Raise(SIGTERM);
        await main.WithLimit();
        Assert.Equal(["[server] ready"], Console.Lines);

        async Task RunAsync()
        {
            var server = new ProcessStartInfo("sh", ["-c", "echo ready; exec sleep 1000"]) { RedirectStandardOutput = true };
            var worker = new ProcessStartInfo("sleep", ["1000"]);

            #region Children_are_supervised
            await TaskGroup.RunAsync(async group =>
            {
                group.CancelOn(SIGINT, SIGTERM);
                group.Start("server", token => SupervisedProcess.RunAsync(server, line => Console.WriteLine($"[server] {line}"), cancellationToken: token));
                group.Start("worker", token => SupervisedProcess.RunAsync(worker, cancellationToken: token));
            });
            #endregion
        }
    }
}
