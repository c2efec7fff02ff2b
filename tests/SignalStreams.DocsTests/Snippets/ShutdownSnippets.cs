using Microsoft.Extensions.Hosting;
using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Snippets;

public sealed class ShutdownSnippets : SnippetTests
{
    [Fact]
    public async Task Main_function_follows_the_token()
    {
        using var test = TestSignals.Install(new ManualTime());
        var main = MainAsync();
        test.Raise(SIGTERM);
        await main.WithLimit();
        Assert.Equal(["SIGTERM, 30 s left"], Console.Lines);
        Assert.Equal(SIGTERM, test.ReturnFromMain().Signal);

        async Task MainAsync()
        {
            #region Main_function_follows_the_token
            var manager = ShutdownManager.Default;
            try
            {
                await ServeAsync(manager.StoppingToken);
            }
            catch (OperationCanceledException) when (manager.StoppingToken.IsCancellationRequested)
            {
                Console.WriteLine($"{manager.Signal}, {manager.TimeRemaining.TotalSeconds:0} s left");
            }
            #endregion
        }
    }

    [Fact]
    public async Task Program_asks_itself()
    {
        using var test = TestSignals.Install();

        #region Program_asks_itself
        ShutdownManager.Default.RequestShutdown("the disk is full", exitCode: 1);
        #endregion
        var end = await test.WaitForEndAsync(cancellationToken: TestToken);
        Assert.Equal((null, 1, TestProcessEndCause.Shutdown), (end.Signal, end.ExitCode, end.Cause));
        Assert.Equal("the disk is full", ShutdownManager.Default.Reason?.ToString());
    }

    [Fact]
    public async Task Options_are_set()
    {
        using var test = TestSignals.Install();

        #region Options_are_set
        ShutdownManager.Default.Configure(o =>
        {
            o.RollbackTime = TimeSpan.FromSeconds(50);              // a server that drains its connections
            o.BeforeTermination = () => Console.WriteLine("goodbye");
        });
        #endregion
        test.Raise(SIGTERM);
        await test.WaitForEndAsync(cancellationToken: TestToken);
        Assert.Equal(["goodbye"], Console.Lines);
    }

    [Fact]
    public async Task Second_signal_ends_a_grace_period()
    {
        using var test = TestSignals.Install();
        var draining = new TaskCompletionSource();
        async Task DrainAsync(CancellationToken cancellationToken)
        {
            draining.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        var main = MainAsync();
        test.Raise(SIGINT);
        await draining.Task.WithLimit();
        Assert.Equal(ShutdownKind.Interrupt, test.ShutdownManager.Kind);
        test.Raise(SIGTERM);
        await main.WithLimit();
        Assert.Equal(ShutdownKind.Terminate, test.ShutdownManager.Kind);
        Assert.Equal((SIGINT, 130), (test.ReturnFromMain() is var end ? end.Signal : null, end.ExitCode));

        async Task MainAsync()
        {
            #region Second_signal_ends_a_grace_period
            await ServeAsync(ShutdownManager.Default.StoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await DrainAsync(ShutdownManager.Default.TerminatingToken);      // until all is drained, or somebody insists
            #endregion
        }
    }

    [Fact]
    public void Block_is_left_between_two_orders()
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

        var thrown = Assert.Throws<ShutdownRequestedException>(Main);
        Assert.Equal((ShutdownKind.Interrupt, SIGINT, test.ShutdownManager.StoppingToken), (thrown.Kind, thrown.Signal, thrown.CancellationToken));
        Assert.Equal(["first", "second"], Console.Lines);
        Assert.Equal(SIGINT, test.ReturnFromMain().Signal);

        void Main()
        {
            #region Block_is_left_between_two_orders
            using var block = ShutdownProtection.Enter(TimeSpan.FromSeconds(4));
            foreach (var order in orders)
            {
                Book(order);            // is never interrupted
                block.AllowBreak();     // the process may end here; if it need not, there are four more seconds
            }
            #endregion
        }
    }

    [Fact]
    public async Task Block_rolls_back()
    {
        using var test = TestSignals.Install();
        test.ShutdownManager.Configure(o =>
        {
            o.MaxExecTime = TimeSpan.FromMilliseconds(50);
            o.RollbackTime = Timeout.InfiniteTimeSpan;
            o.OnTimeline = timeline => Console.WriteLine(timeline.Culprits.Single().Kind);
        });
        Task ImportAsync(CancellationToken cancellationToken)
        {
            test.Raise(SIGTERM);
            return Task.Delay(Timeout.Infinite, cancellationToken);
        }

        void Rollback() => Console.WriteLine("rolled back");
        var thrown = await Assert.ThrowsAsync<ShutdownRequestedException>(MainAsync);
        Assert.IsType<OperationCanceledException>(thrown.InnerException, exactMatch: false);
        Assert.Equal(SIGTERM, test.ReturnFromMain().Signal);
        Assert.Equal(["rolled back", "Block"], Console.Lines);

        async Task MainAsync()
        {
            #region Block_rolls_back
            await ShutdownProtection.RunAsync(async block =>
            {
                try
                {
                    await ImportAsync(block.Token);     // cancelled only when the block has used up its time
                }
                catch (OperationCanceledException)
                {
                    Rollback();                         // there are five seconds for it
                    throw;
                }
            });
            #endregion
        }
    }

    [Fact]
    public async Task Last_block_out_ends_the_process()
    {
        using var test = TestSignals.Install();
        var copied = new TaskCompletionSource();
        var begun = new CountdownEvent(2);
        async Task CopyAsync(ShutdownProtection block)
        {
            begun.Signal();
            await copied.Task;
            block.AllowBreak();
        }

        async Task MoveAsync(ShutdownProtection block)
        {
            begun.Signal();
            await Task.Yield();
            await Patience.UntilAsync(() => block.IsShutdownPending, "the signal");
            block.AllowBreak();
        }

        var main = MainAsync();
        begun.Wait(TestToken);
        test.Raise(SIGTERM);
        await Console.LineAsync(TestToken);
        Assert.Equal(ShutdownState.Requested, test.ShutdownManager.State);
        copied.SetResult();
        await Assert.ThrowsAsync<ShutdownRequestedException>(() => main.WithLimit());
        Assert.Equal(["moved, or left"], Console.Lines);

        async Task MainAsync()
        {
            #region Last_block_out_ends_the_process
            var copy = ShutdownProtection.RunAsync(CopyAsync);
            await ShutdownProtection.RunAsync(MoveAsync);   // returns when it ends first: the copy goes on
            Console.WriteLine("moved, or left");
            await copy;                                     // throws: it was the last one, and the process stops
            #endregion
        }
    }

    [Fact]
    public void New_block_is_refused()
    {
        using var test = TestSignals.Install();
        var queue = new Queue<string>(["first", "second"]);
        void Pay(string invoice)
        {
            test.Raise(SIGTERM);
            Console.WriteLine(invoice);
        }

        Main();
        Assert.Equal(["first", "no second: the process ends"], Console.Lines);
        Assert.Equal(SIGTERM, test.ReturnFromMain().Signal);

        void Main()
        {
            #region New_block_is_refused
            while (queue.TryDequeue(out var invoice))
            {
                try
                {
                    using var block = ShutdownProtection.Enter();
                    Pay(invoice);
                }
                catch (ShutdownImminentException)
                {
                    Console.WriteLine($"no {invoice}: the process ends");
                }
            }
            #endregion
        }
    }

    [Fact]
    public async Task Block_belongs_to_the_end_itself()
    {
        using var test = TestSignals.Install();
        async Task UploadLogAsync()
        {
            await Task.Yield();
            Console.WriteLine("uploaded");
        }

        #region Block_belongs_to_the_end_itself
        ExitHandlers.Register(() =>
        {
            var block = ShutdownProtection.Enter(runAtExit: true);
            _ = Task.Run(async () =>                // nobody awaits it, and the end waits all the same
            {
                using (block)
                {
                    await UploadLogAsync();
                }
            });
        });
        #endregion
        test.Raise(SIGTERM);
        await test.WaitForEndAsync(cancellationToken: TestToken);
        Assert.Equal(["uploaded"], Console.Lines);
    }

    [Fact]
    public async Task Handlers_come_in_every_shape()
    {
        using var test = TestSignals.Install(new ManualTime());
        void Flush() => Console.WriteLine("flushed");
        async Task CloseAsync()
        {
            await Task.Yield();
            Console.WriteLine("closed");
        }

        #region Handlers_come_in_every_shape
        ExitHandlers.Register(Flush);
        ExitHandlers.Register(CloseAsync, timeLimit: TimeSpan.FromSeconds(2), name: "close the connection");
        ExitHandlers.Register(end => Console.WriteLine($"{end.Cause} {end.Signal}, {end.TimeRemaining.TotalSeconds:0} s left"));
        #endregion
        test.Raise(SIGTERM);
        await test.WaitForEndAsync(cancellationToken: TestToken);
        Assert.Equal(["Signal SIGTERM, 5 s left", "closed", "flushed"], Console.Lines);
    }

    [Fact]
    public void Handler_is_unregistered()
    {
        using var test = TestSignals.Install();
        void Save() => Console.WriteLine("saved");
        void DeleteDraft() => Console.WriteLine("deleted");

        #region Handler_is_unregistered
        using (ExitHandlers.Register(DeleteDraft))
        {
            Save();
        }       // from here on there is no draft to delete
        #endregion
        test.ReturnFromMain();
        Assert.Equal(["saved"], Console.Lines);
    }

    [Fact]
    public async Task Phases_have_an_order()
    {
        using var test = TestSignals.Install();
        async Task DrainAsync()
        {
            await Task.Yield();
            Console.WriteLine("drained");
        }

        void CloseStore() => Console.WriteLine("closed");

        #region Phases_have_an_order
        var drain = new ExitPhase("drain", Order: -10, TimeLimit: TimeSpan.FromSeconds(8));
        var store = new ExitPhase("store", Order: 10);

        ExitHandlers.Register(CloseStore, store);                               // third
        ExitHandlers.Register(DrainAsync, drain);                               // first
        ExitHandlers.Register(() => Console.WriteLine("no phase: order 0"));    // second
        #endregion
        test.Raise(SIGTERM);
        await test.WaitForEndAsync(cancellationToken: TestToken);
        Assert.Equal(["drained", "no phase: order 0", "closed"], Console.Lines);
    }

    [Fact]
    public async Task Handler_minds_its_time()
    {
        var time = new ManualTime();
        using var test = TestSignals.Install(time);
        var uploading = new TaskCompletionSource();
        string[] batches = ["first", "second", "third"];
        async Task UploadAsync(string batch, CancellationToken cancellationToken)
        {
            if (batch == "second")
            {
                uploading.SetResult();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            Console.WriteLine(batch);
        }

        #region Handler_minds_its_time
        ExitHandlers.Register(
            async end =>
            {
                foreach (var batch in batches)
                {
                    await UploadAsync(batch, end.Token);    // cancelled shortly before the limit
                }
            },
            timeLimit: TimeSpan.FromSeconds(10),
            name: "upload what is left");
        #endregion
        test.Raise(SIGTERM);
        await uploading.Task.WithLimit();
        time.Advance(TimeSpan.FromSeconds(9.8));
        await test.WaitForEndAsync(cancellationToken: TestToken);
        Assert.Equal(["first"], Console.Lines);
        Assert.Equal(TimelineOutcome.Cancelled, test.ShutdownManager.Timeline.Entries.Single(entry => entry.Kind == TimelineEntryKind.Handler).Outcome);
        Assert.Null(test.ShutdownManager.Timeline.Verdict);
    }

    [Fact]
    public async Task Exit_status_is_chosen()
    {
        using var test = TestSignals.Install();

        #region Exit_status_is_chosen
        ShutdownManager.Default.Configure(o => o.ExitStatus = ExitStatusPolicy.Code(0));
        #endregion
        test.Raise(SIGTERM);
        var end = await test.WaitForEndAsync(cancellationToken: TestToken);
        Assert.Equal((null, 0), (end.Signal, end.ExitCode));
    }

    [Fact]
    public async Task Host_ends_with_the_manager()
    {
        using var test = TestSignals.Install();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        var main = MainAsync();
        test.Raise(SIGHUP);
        await main.WithLimit();
        Assert.Equal(["the host has stopped"], Console.Lines);
        Assert.Equal(SIGHUP, test.ReturnFromMain().Signal);

        async Task MainAsync()
        {
            #region Host_ends_with_the_manager
            ShutdownManager.Default.Configure(o => o.RollbackTime = TimeSpan.FromSeconds(45));      // the host's ShutdownTimeout
            using var host = builder.Build();
            await host.RunAsync(ShutdownManager.Default.StoppingToken);
            Console.WriteLine("the host has stopped");
            #endregion
        }
    }

    [Fact]
    public async Task Timeline_goes_where_you_want_it()
    {
        using var test = TestSignals.Install(new ManualTime());
        var log = Console;

        #region Timeline_goes_where_you_want_it
        ShutdownManager.Default.Configure(o =>
        {
            o.Timeline = TimelineOutput.Always;
            o.OnTimeline = timeline => log.WriteLine(timeline.Verdict ?? $"ended in {timeline.Elapsed.TotalSeconds:0} s");
        });
        #endregion
        test.Raise(SIGTERM);
        await test.WaitForEndAsync(cancellationToken: TestToken);
        Assert.Equal(["ended in 0 s"], Console.Lines);
    }

    [Fact]
    public void Pending_names_what_holds_the_end()
    {
        using var test = TestSignals.Install();
        using var block = ShutdownProtection.Enter(name: "import");
        test.Raise(SIGTERM);

        #region Pending_names_what_holds_the_end
        foreach (var entry in ShutdownManager.Default.Pending)
        {
            Console.WriteLine(entry);       // block 'import' still runs after 3.2 s (limit 89.5 s)
        }
        #endregion
        Assert.Matches("^block 'import' still runs after [0-9.]+ s \\(limit (89.5|4.5) s\\)$", Assert.Single(Console.Lines));
    }

    [Fact]
    public async Task Group_ends_with_the_manager()
    {
        using var test = TestSignals.Install();
        async Task PollAsync(CancellationToken cancellationToken)
        {
            test.Raise(SIGTERM);
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        var main = MainAsync();
        await main.WithLimit();
        test.ReturnFromMain();
        var children = test.ShutdownManager.Timeline.Entries.Where(entry => entry.Kind == TimelineEntryKind.Child);
        Assert.Equal(["poller", "server"], children.Select(child => child.Name).Order());
        Assert.Equal(SIGTERM, test.ShutdownManager.Signal);

        async Task MainAsync()
        {
            #region Group_ends_with_the_manager
            await TaskGroup.RunAsync(async group =>
            {
                group.CancelOn(ShutdownManager.Default);
                group.Start("server", ServeAsync);
                group.Start("poller", PollAsync);
            });
            #endregion
        }
    }

    [Fact]
    public async Task Work_is_tracked()
    {
        using var test = TestSignals.Install();
        var stopping = test.ShutdownManager.StoppingToken;
        async Task CompactAsync(CancellationToken cancellationToken) => await Task.Delay(Timeout.Infinite, cancellationToken);

        Track();
        test.Raise(SIGTERM);
        test.ReturnFromMain();
        await Patience.UntilAsync(() => Entry().Outcome == TimelineOutcome.Cancelled, "the end of the work");
        ShutdownTimelineEntry Entry() => test.ShutdownManager.Timeline.Entries.Single(entry => entry.Kind == TimelineEntryKind.Child);

        void Track()
        {
            #region Work_is_tracked
            ShutdownManager.Default.Track("compaction", CompactAsync(stopping));
            #endregion
        }
    }

    [Fact]
    public async Task Service_is_tested()
    {
        #region Service_is_tested
        await using var test = new TestSignalHub();
        var service = new Service(test.ShutdownManager);    // in the program: new Service(ShutdownManager.Default)
        var running = service.RunAsync();

        test.Raise(SIGTERM);
        await running;
        Assert.True(service.IsSaved);

        var end = test.ReturnFromMain();                    // exit handlers run
        Assert.Equal(SIGTERM, end.Signal);
        Assert.True(service.IsFlushed);
        #endregion
    }

    [Fact]
    public void Exception_is_tested()
    {
        #region Exception_is_tested
        using var test = new TestSignalHub();
        var service = new Service(test.ShutdownManager);

        var end = test.ThrowUnhandled(new InvalidOperationException());
        Assert.Equal(TestProcessEndCause.UnhandledException, end.Cause);
        Assert.True(service.IsFlushed);
        #endregion
    }

    [Fact]
    public async Task Limit_is_tested()
    {
        #region Limit_is_tested
        var time = new ManualTime();
        await using var test = new TestSignalHub(time);
        var flushing = new TaskCompletionSource();
        test.ShutdownManager.Register(
            () =>
            {
                flushing.SetResult();
                Thread.Sleep(Timeout.Infinite);
            },
            name: "flush");

        test.Raise(SIGTERM);
        await flushing.Task;
        time.Advance(TimeSpan.FromSeconds(5));      // HandlerTime
        await test.WaitForEndAsync();
        Assert.Equal("flush", test.ShutdownManager.Timeline.Culprits.Single().Name);
        #endregion
    }

    private static Task ServeAsync(CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);

    private sealed class Service
    {
        private readonly ShutdownManager _manager;

        public Service(ShutdownManager manager)
        {
            _manager = manager;
            manager.Register(() => IsFlushed = true);
        }

        public bool IsSaved { get; private set; }

        public bool IsFlushed { get; private set; }

        public async Task RunAsync()
        {
            await Task.Delay(Timeout.Infinite, _manager.StoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            IsSaved = true;
        }
    }
}
