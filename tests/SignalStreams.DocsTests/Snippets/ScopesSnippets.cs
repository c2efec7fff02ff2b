using System.Net;
using System.Net.Sockets;
using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Snippets;

public sealed class ScopesSnippets : SnippetTests
{
    [Fact]
    public async Task Scope_is_cancelled_by_whoever_has_it()
    {
        using var window = new Window();
        Task DownloadAsync(CancellationToken cancellationToken)
        {
            window.Close();
            return Task.Delay(Timeout.Infinite, cancellationToken);
        }

        #region Scope_is_cancelled_by_whoever_has_it
        var download = await CancelScope.RunAsync(async scope =>
        {
            window.Closed += (_, _) => scope.Cancel("the window was closed");
            await DownloadAsync(scope.Token);
        });

        // The cancellation has ended here: the caller goes on.
        if (download.CancelledCaught)
        {
            Console.WriteLine($"no download: {download.Reason}");
        }
        #endregion
        Assert.Equal(["no download: the window was closed"], Console.Lines);
    }

    [Fact]
    public async Task Body_is_given_up_after_a_time()
    {
        string[] suggestions = [];
        static async Task<string[]> SuggestAsync(CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return ["never"];
        }

        #region Body_is_given_up_after_a_time
        var lookup = await CancelScope.MoveOnAfterAsync(TimeSpan.FromMilliseconds(200), async scope =>
        {
            suggestions = await SuggestAsync(scope.Token);
        });
        Console.WriteLine(lookup.CancelledCaught ? "no suggestions in time" : $"{suggestions.Length} suggestions");
        #endregion
        Assert.Equal(["no suggestions in time"], Console.Lines);
    }

    [Fact]
    public async Task Body_that_takes_too_long_fails()
    {
        static Task<string> LoadAsync(CancellationToken cancellationToken) => Task.FromResult(cancellationToken.CanBeCanceled ? "page" : "");

        #region Body_that_takes_too_long_fails
        var page = await CancelScope.FailAfterAsync(TimeSpan.FromSeconds(10), scope => LoadAsync(scope.Token));     // or TimeoutException
        #endregion
        Assert.Equal("page", page);
    }

    [Fact]
    public async Task Scopes_are_nested()
    {
        static Task<string?> AskCacheAsync(CancellationToken cancellationToken) => Task.FromResult<string?>(null);
        static Task<string> AskDatabaseAsync(CancellationToken cancellationToken) => Task.FromResult("answer");

        #region Scopes_are_nested
        string? answer = null;
        await CancelScope.FailAfterAsync(TimeSpan.FromSeconds(10), async request =>
        {
            await request.MoveOnAfterAsync(TimeSpan.FromSeconds(1), async cache => answer = await AskCacheAsync(cache.Token));
            answer ??= await AskDatabaseAsync(request.Token);
        });
        #endregion
        Assert.Equal("answer", answer);
    }

    [Fact]
    public async Task Earliest_deadline_counts()
    {
        var timeLeft = TimeSpan.Zero;
        Task QueryAsync(TimeSpan timeout)
        {
            timeLeft = timeout;
            return Task.CompletedTask;
        }

        #region Earliest_deadline_counts
        await CancelScope.MoveOnAfterAsync(TimeSpan.FromSeconds(30), async request =>
        {
            await request.MoveOnAfterAsync(TimeSpan.FromMinutes(5), async query =>
            {
                await QueryAsync(timeout: query.EffectiveDeadline.Remaining());     // thirty seconds at most
            });
        });
        #endregion
        Assert.InRange(timeLeft, TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Deadline_is_moved()
    {
        using var stream = new MemoryStream([1, 2, 3]);
        using var copy = new MemoryStream();

        #region Deadline_is_moved
        var idle = TimeSpan.FromSeconds(30);
        var transfer = await CancelScope.MoveOnAfterAsync(idle, async scope =>
        {
            var buffer = new byte[4096];
            while (await stream.ReadAsync(buffer, scope.Token) is > 0 and var length)
            {
                scope.Deadline = Deadline.After(idle);      // as long as something comes
                await copy.WriteAsync(buffer.AsMemory(0, length), scope.Token);
            }
        });
        #endregion
        Assert.False(transfer.CancelCalled);
        Assert.Equal(3, copy.Length);
    }

    [Fact]
    public async Task Shield_keeps_a_cancellation_out()
    {
        using var stopping = new CancellationTokenSource();
        var cancellationToken = stopping.Token;
        var isSaved = false;
        async Task WorkAsync(CancellationToken token)
        {
            await stopping.CancelAsync();
            await Task.Delay(Timeout.Infinite, token);
        }

        Task SaveAsync(CancellationToken token)
        {
            isSaved = !token.IsCancellationRequested;
            return Task.CompletedTask;
        }

        Task RunAsync() => CancelScope.RunAsync(
            async scope =>
            {
                #region Shield_keeps_a_cancellation_out
                try
                {
                    await WorkAsync(scope.Token);
                }
                finally
                {
                    // scope.Token is cancelled, and every wait on it throws. This one has five seconds of its own.
                    var options = new CancelScopeOptions { Shield = true, Timeout = TimeSpan.FromSeconds(5) };
                    await scope.RunAsync(options, saving => SaveAsync(saving.Token));
                }
                #endregion
            },
            cancellationToken);
        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(RunAsync);
        Assert.Equal(cancellationToken, cancelled.CancellationToken);
        Assert.True(isSaved);
    }

    [Fact]
    public async Task Grace_period_lets_the_body_go_on_for_a_while()
    {
        using var stopping = new CancellationTokenSource();
        var cancellationToken = stopping.Token;
        var answers = 0;
        async Task AnswerAsync(CancellationToken token)
        {
            await stopping.CancelAsync();
            await Task.Delay(1, token);
            answers++;
        }

        #region Grace_period_lets_the_body_go_on_for_a_while
        var options = new CancelScopeOptions { GracePeriod = TimeSpan.FromSeconds(20) };
        await CancelScope.RunAsync(options, request => AnswerAsync(request.Token), cancellationToken);
        #endregion
        Assert.Equal(1, answers);
    }

    [Fact]
    public async Task Reason_carries_data()
    {
        using var stopping = new CancellationTokenSource();

        #region Reason_carries_data
        var scope = await CancelScope.RunAsync(async scope =>
        {
            scope.Cancel(new DiskFull("/var", 4096));
            await Task.Delay(Timeout.Infinite, scope.Token);
        });
        Console.WriteLine(scope.Reason switch
        {
            DiskFull full => $"{full.Free} bytes are left on {full.Volume}",
            DeadlineCancelReason => "it took too long",
            OuterScopeCancelReason outer => $"from around: {outer.Root}",
            TokenCancelReason => "the caller has given up",
            SignalCancelReason signal => $"{signal.Signal} has come",
            var other => $"{other}",
        });
        #endregion
        Assert.Equal(["4096 bytes are left on /var"], Console.Lines);
    }

    #region Reason_carries_data (its type)
    public sealed record DiskFull(string Volume, long Free) : CancelReason;
    #endregion

    [Fact]
    public async Task Group_waits_for_its_children()
    {
        var fetched = 0;
        async Task FetchAsync(Uri address, CancellationToken cancellationToken)
        {
            await Task.Delay(1, cancellationToken);
            Interlocked.Increment(ref fetched);
        }

        Uri[] addresses = [new("https://example.org/1"), new("https://example.org/2")];

        #region Group_waits_for_its_children
        await TaskGroup.RunAsync(group =>
        {
            foreach (var address in addresses)
            {
                group.Start(address.AbsolutePath, token => FetchAsync(address, token));
            }

            return Task.CompletedTask;
        });
        Console.WriteLine("all have ended");
        #endregion
        Assert.Equal(2, fetched);
        Assert.Equal(["all have ended"], Console.Lines);
    }

    [Fact]
    public async Task Handle_has_the_result()
    {
        static Task<int> CountAsync(string file, CancellationToken cancellationToken) => Task.FromResult(file.Length);

        #region Handle_has_the_result
        await TaskGroup.RunAsync(async group =>
        {
            var first = group.Start(token => CountAsync("a.txt", token));
            var second = group.Start(token => CountAsync("bc.txt", token));
            Console.WriteLine(await first.Completion + await second.Completion);
        });
        #endregion
        Assert.Equal(["11"], Console.Lines);
    }

    [Fact]
    public async Task Child_is_cancelled_alone()
    {
        static Task PollAsync(CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);

        #region Child_is_cancelled_alone
        await TaskGroup.RunAsync(async group =>
        {
            var polling = group.Start("polling", PollAsync);
            polling.Cancel("no longer needed");
            await polling.Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Console.WriteLine($"{polling}: {polling.Reason}");      // 'polling' (Cancelled): no longer needed
        });
        #endregion
        Assert.Equal(["'polling' (Cancelled): no longer needed"], Console.Lines);
    }

    [Fact]
    public async Task Child_says_that_it_has_started()
    {
        static Task UseAsync(int port, CancellationToken cancellationToken) => Task.CompletedTask;

        #region Child_says_that_it_has_started
        await TaskGroup.RunAsync(async group =>
        {
            var port = await group.StartAsync<int>("server", ServeAsync);
            Console.WriteLine($"ready on port {port}");
            await UseAsync(port, group.Token);
            group.Cancel("nobody needs the server any more");
        });

        static async Task ServeAsync(Action<int> started, CancellationToken token)
        {
            using var listener = new TcpListener(IPAddress.Loopback, port: 0);
            listener.Start();
            started(((IPEndPoint)listener.LocalEndpoint).Port);
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(token);
            }
        }
        #endregion
        Assert.StartsWith("ready on port ", Assert.Single(Console.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Errors_come_out_together()
    {
        static Task FailAsync(string what) => Task.FromException(new IOException(what));

        #region Errors_come_out_together
        try
        {
            await TaskGroup.RunAsync(group =>
            {
                group.Start(async token =>
                {
                    try
                    {
                        await Task.Delay(Timeout.Infinite, token);
                    }
                    finally
                    {
                        await FailAsync("and the clean-up of another one too");
                    }
                });
                group.Start(_ => FailAsync("one child fails"));
                return Task.CompletedTask;
            });
        }
        catch (AggregateException errors)
        {
            foreach (var error in errors.InnerExceptions)
            {
                Console.WriteLine(error.Message);
            }
        }
        #endregion
        Assert.Equal(["and the clean-up of another one too", "one child fails"], Console.Lines.Order());
    }

    [Fact]
    public async Task Children_that_do_not_end_are_named()
    {
        var never = new TaskCompletionSource();

        #region Children_that_do_not_end_are_named
        var options = new TaskGroupOptions { CloseTimeout = TimeSpan.FromMilliseconds(200) };
        try
        {
            await TaskGroup.RunAsync(options, group =>
            {
                group.Start("deaf", _ => never.Task);       // takes no notice of its token
                group.Cancel("enough");
                return Task.CompletedTask;
            });
        }
        catch (ShutdownTimeoutException timeout)
        {
            Console.WriteLine($"still running: {timeout.Tasks[0].Name}");
        }
        #endregion
        Assert.Equal(["still running: deaf"], Console.Lines);
        never.SetResult();
    }

    [Fact]
    public async Task Children_take_turns()
    {
        string[] files = [.. Enumerable.Range(0, 20).Select(number => $"{number}.png")];
        var (running, most, resized) = (0, 0, 0);
        async Task ResizeAsync(string file, CancellationToken cancellationToken)
        {
            lock (files)
            {
                most = Math.Max(most, ++running);
            }

            await Task.Yield();
            lock (files)
            {
                running--;
                resized++;
            }
        }

        #region Children_take_turns
        await TaskGroup.RunAsync(new TaskGroupOptions { MaxConcurrency = 4 }, group =>
        {
            foreach (var file in files)
            {
                group.Start(file, token => ResizeAsync(file, token));       // begins when it is its turn
            }

            return Task.CompletedTask;
        });
        #endregion
        Assert.Equal(20, resized);
        Assert.InRange(most, 1, 4);
    }

    [Fact]
    public async Task Resources_outlive_the_children()
    {
        using var connection = new MemoryStream([1, 2, 3]);
        MemoryStream Open() => connection;
        static Task<int> ReadAsync(Stream stream, CancellationToken cancellationToken) => stream.ReadAsync(new byte[3], cancellationToken).AsTask();

        #region Resources_outlive_the_children
        await TaskGroup.RunAsync(group =>
        {
            var stream = group.Own(Open());     // disposed when all children have ended, the last one owned first
            group.Start(token => ReadAsync(stream, token));
            return Task.CompletedTask;
        });
        #endregion
        Assert.False(connection.CanRead);
    }

    [Fact]
    public async Task First_success_wins()
    {
        static Task<string> AskAsync(string mirror, CancellationToken cancellationToken) =>
            mirror == "near" ? Task.FromResult("from near") : Task.Delay(Timeout.Infinite, cancellationToken).ContinueWith(_ => "", TaskScheduler.Default);

        #region First_success_wins
        var answer = await TaskGroup.RaceAsync(
            token => AskAsync("near", token),
            token => AskAsync("far", token));
        #endregion
        Assert.Equal("from near", answer);
    }

    [Fact]
    public async Task Group_is_opened_for_a_block()
    {
        var sent = 0;
        async Task SendAsync(string address, CancellationToken cancellationToken)
        {
            await Task.Delay(1, cancellationToken);
            Interlocked.Increment(ref sent);
        }

        async Task RunAsync()
        {
            #region Group_is_opened_for_a_block
            await using var group = TaskGroup.Open();
            group.Start(token => SendAsync("a@example.org", token));
            group.Start(token => SendAsync("b@example.org", token));
            await group.JoinAsync();        // without it the end of the block cancels the children
            #endregion
        }

        await RunAsync();
        Assert.Equal(2, sent);
    }

    [Fact]
    public async Task Signal_cancels_a_group()
    {
        using var test = TestSignals.Install();
        Task ServeAsync(CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);
        Task CleanUpAsync(CancellationToken cancellationToken)
        {
            test.Raise(SIGTERM, new SignalOrigin { Kind = SignalOriginKind.Process, ProcessId = 1, UserId = 0 });
            return Task.Delay(Timeout.Infinite, cancellationToken);
        }

        #region Signal_cancels_a_group
        var ended = await TaskGroup.RunAsync(group =>
        {
            group.CancelOn(SIGINT, SIGTERM);
            group.Start("server", ServeAsync);
            group.Start("cleaner", CleanUpAsync);
            return Task.CompletedTask;
        });
        if (ended.Reason is SignalCancelReason { Signal: SIGTERM } signal)
        {
            Console.WriteLine($"ended by {signal}");        // ended by SIGTERM from pid 1, uid 0
        }
        #endregion
        Assert.Equal(["ended by SIGTERM from pid 1, uid 0"], Console.Lines);
    }

    [Fact]
    public async Task Requests_are_given_time_when_a_signal_comes()
    {
        using var test = TestSignals.Install();
        var answered = 0;
        var asked = 0;
        async Task<string> AcceptAsync(CancellationToken cancellationToken)
        {
            if (asked++ > 0)
            {
                test.Raise(SIGTERM);
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            return "request";
        }

        async Task AnswerAsync(string request, CancellationToken cancellationToken)
        {
            await Patience.UntilAsync(() => asked == 2, "the signal");
            await Task.Delay(1, cancellationToken);
            answered++;
        }

        #region Requests_are_given_time_when_a_signal_comes
        await TaskGroup.RunAsync(async group =>
        {
            group.CancelOn(SIGTERM);
            var options = new TaskGroupOptions { GracePeriod = TimeSpan.FromSeconds(20) };
            await group.CancelScope.RunTaskGroupAsync(options, async requests =>
            {
                try
                {
                    while (true)
                    {
                        var request = await AcceptAsync(group.Token);               // cancelled at once
                        requests.Start(token => AnswerAsync(request, token));   // cancelled 20 s later
                    }
                }
                catch (OperationCanceledException) when (group.Token.IsCancellationRequested)
                {
                    // Thrown on, it would be an error of this body, and end the requests at once.
                }
            });
        });
        #endregion
        Assert.Equal(1, answered);
    }

    [Fact]
    public async Task Clock_is_moved_by_hand()
    {
        #region Clock_is_moved_by_hand
        var time = new ManualTime();
        var options = new CancelScopeOptions { Timeout = TimeSpan.FromMinutes(10), TimeProvider = time };
        var running = CancelScope.RunAsync(options, scope => Task.Delay(Timeout.Infinite, scope.Token));

        time.Advance(TimeSpan.FromMinutes(9));
        Assert.False(running.IsCompleted);

        time.Advance(TimeSpan.FromMinutes(1));
        var ended = await running;
        Assert.True(ended.CancelledCaught);
        Assert.IsType<DeadlineCancelReason>(ended.Reason);
        #endregion
    }

    private sealed class Window : IDisposable
    {
        public event EventHandler? Closed;

        public void Close() => Closed?.Invoke(this, EventArgs.Empty);

        public void Dispose() => Closed = null;
    }
}
