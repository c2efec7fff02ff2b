using System.Text;

namespace SignalStreams.Processes.Tests;

public sealed class LineTests
{
    [Fact]
    public async Task Lines_of_both_streams_come_with_their_origin()
    {
        await using var f = await Fixture.StartAsync(redirects: true);
        await using var lines = f.Process.ReadLinesAsync().GetAsyncEnumerator();
        await f.Child.WriteAsync("out\n");
        Assert.Equal(("out", false, true, 101), await NextAsync(lines));
        await f.Child.WriteAsync("err\n", toError: true);
        Assert.Equal(("err", true, true, 101), await NextAsync(lines));
        await f.Child.WriteAsync("la");
        await f.Child.WriteAsync("st\r\n\nwithout");
        f.Child.End(ProcessExitStatus.FromCode(0));
        Assert.Equal(("last", false, true, 101), await NextAsync(lines));
        Assert.Equal(("", false, true, 101), await NextAsync(lines));
        Assert.Equal(("without", false, false, 101), await NextAsync(lines));
        Assert.False(await lines.MoveNextAsync().AsTask().WaitAsync(SupervisionLimits.Test));
    }

    [Fact]
    public async Task Any_bytes_arrive_as_they_are()
    {
        await using var f = await Fixture.StartAsync(redirects: true);
        byte[] bytes = [0xff, 0, 0xc3, 0x28, (byte)'\r', 0xfe, (byte)'\r'];
        byte[] line = [.. bytes, (byte)'\n'];
        await f.Child.WriteAsync(line);
        f.Child.End(ProcessExitStatus.FromCode(0));
        var read = Assert.Single(await AllAsync(f.Process));
        Assert.Equal(bytes, read.Bytes.ToArray());
        Assert.Equal("\ufffd\0\ufffd(\r\ufffd", read.Text);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(16384)]
    [InlineData(int.MaxValue)]
    public async Task Lines_are_the_same_however_the_bytes_come(int chunk)
    {
        await using var f = await Fixture.StartAsync(configure: o => o.MaxLineLength = 10, redirects: true);
        const string Text = "\n123456789\n1234567890\n12345678901\n123456789012345678901\n12345678901234567890\n1234567890";
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < Text.Length; i += Math.Min(chunk, Text.Length - i))
            {
                await f.Child.WriteAsync(Text.Substring(i, Math.Min(chunk, Text.Length - i)));
            }

            f.Child.End(ProcessExitStatus.FromCode(0));
        });
        Assert.Equal(
            ["|", "123456789|", "1234567890|", "1234567890", "1|", "1234567890", "1234567890", "1|", "1234567890", "1234567890|", "1234567890"],
            (await AllAsync(f.Process)).Select(line => line.Text + (line.IsComplete ? "|" : "")));
        await writing;
    }

    [Fact]
    public async Task Random_lines_of_all_lengths_are_put_together_again()
    {
        var random = new Random(1);
        await using var f = await Fixture.StartAsync(configure: o => o.MaxLineLength = 200_000, redirects: true);
        var bytes = new byte[3_000_000];
        random.NextBytes(bytes);
        for (var i = 0; i < bytes.Length; i++)
        {
            // Long stretches without, and stretches full of line feeds.
            if (bytes[i] == '\n' && i / 500_000 % 2 == 0)
            {
                bytes[i] = (byte)'x';
            }
        }

        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < bytes.Length;)
            {
                var count = Math.Min(random.Next(1, 60_000), bytes.Length - i);
                await f.Child.WriteAsync(bytes.AsMemory(i, count));
                i += count;
            }

            f.Child.End(ProcessExitStatus.FromCode(0));
        });
        var all = await AllAsync(f.Process);
        await writing;
        using var joined = new MemoryStream();
        foreach (var line in all)
        {
            Assert.True(line.Bytes.Length <= 200_000);
            joined.Write(line.Bytes.Span);
            if (line.IsComplete)
            {
                joined.WriteByte((byte)'\n');
            }
        }

        Assert.True(joined.ToArray().AsSpan().SequenceEqual(bytes));
    }

    [Fact]
    public async Task Nobody_reads_so_the_process_waits_and_memory_is_bounded()
    {
        await using var f = await Fixture.StartAsync(redirects: true);
        await using var lines = f.Process.ReadLinesAsync().GetAsyncEnumerator();
        var first = lines.MoveNextAsync().AsTask();
        var written = 0L;
        var line = new byte[10_000];
        line.AsSpan().Fill((byte)'x');
        line[^1] = (byte)'\n';
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 1000; i++)
            {
                await f.Child.WriteAsync(line);
                Interlocked.Add(ref written, line.Length);
            }

            f.Child.End(ProcessExitStatus.FromCode(0));
        });
        await first.WaitAsync(SupervisionLimits.Test);
        await SupervisionLimits.UntilAsync(() => Interlocked.Read(ref written) >= LineQueue.Limit);
        await SteadyAsync(() => Interlocked.Read(ref written));
        Assert.InRange(Interlocked.Read(ref written), LineQueue.Limit, LineQueue.Limit + 300_000);
        var count = 1;
        while (await lines.MoveNextAsync().AsTask().WaitAsync(SupervisionLimits.Test))
        {
            count++;
        }

        Assert.Equal(1000, count);
        await writing;
    }

    [Fact]
    public async Task Lines_of_ten_megabytes_are_not_read_ahead_by_the_thousand()
    {
        await using var f = await Fixture.StartAsync(redirects: true);
        var line = new byte[10 * 1024 * 1024];
        line[^1] = (byte)'\n';
        var written = 0;
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 10; i++)
            {
                for (var at = 0; at < line.Length; at += 65536)
                {
                    await f.Child.WriteAsync(line.AsMemory(at, 65536));
                }

                Interlocked.Increment(ref written);
            }

            f.Child.End(ProcessExitStatus.FromCode(0));
        });
        await using var lines = f.Process.ReadLinesAsync().GetAsyncEnumerator();
        for (var i = 0; i < 10; i++)
        {
            Assert.True(await lines.MoveNextAsync().AsTask().WaitAsync(SupervisionLimits.Test));
            Assert.Equal(line.Length - 1, lines.Current.Bytes.Length);
            Assert.True(Volatile.Read(ref written) - i <= 4, "It reads too far ahead.");
        }

        await writing;
    }

    [Fact]
    public async Task A_descendant_that_holds_the_pipe_does_not_hold_up_the_end_of_the_lines()
    {
        await using var f = await Fixture.StartAsync(configure: o => o.Leftovers = LeftoverPolicy.Keep, redirects: true);
        f.Child.HoldsPipes = true;
        await f.Child.WriteAsync("last words\n");
        f.Child.End(ProcessExitStatus.FromCode(0), leavesDescendants: true);
        await f.Process.Completion.WaitAsync(SupervisionLimits.Test);
        var reading = AllAsync(f.Process);
        await SupervisionLimits.UntilAsync(() => reading.IsCompleted, () => f.Time.Advance(TimeSpan.FromMilliseconds(50)));
        Assert.Equal("last words", Assert.Single(await reading).Text);
        Assert.False(f.Child.Gone.IsCompleted);
    }

    [Fact]
    public async Task A_descendant_that_writes_for_ever_does_not_hold_up_the_end_of_the_lines()
    {
        await using var f = await Fixture.StartAsync(configure: o => o.Leftovers = LeftoverPolicy.Keep, redirects: true);
        f.Child.HoldsPipes = true;
        using var end = new CancellationTokenSource();
        var chatter = Task.Run(async () =>
        {
            var line = Encoding.UTF8.GetBytes("chatter\n");
            while (!end.IsCancellationRequested)
            {
                await f.Child.Stdout.Writer.WriteAsync(line, end.Token);
            }
        });
        var reading = AllAsync(f.Process);
        f.Child.End(ProcessExitStatus.FromCode(0), leavesDescendants: true);
        await SupervisionLimits.UntilAsync(() => reading.IsCompleted, () => f.Time.Advance(TimeSpan.FromMilliseconds(50)));
        Assert.NotEmpty(await reading);
        await end.CancelAsync();
        await Task.WhenAny(chatter).WaitAsync(SupervisionLimits.Test);
    }

    [Fact]
    public async Task What_is_in_the_pipe_of_a_process_that_has_ended_reaches_a_late_and_slow_reader()
    {
        await using var f = await Fixture.StartAsync(configure: o => o.Leftovers = LeftoverPolicy.Keep, redirects: true);
        f.Child.HoldsPipes = true;
        await f.Child.WriteAsync(new byte[60_000]);
        f.Child.End(ProcessExitStatus.FromCode(0), leavesDescendants: true);
        await f.Process.Completion.WaitAsync(SupervisionLimits.Test);
        f.Time.Advance(TimeSpan.FromHours(1));
        var reading = AllAsync(f.Process);
        await SupervisionLimits.UntilAsync(() => reading.IsCompleted, () => f.Time.Advance(TimeSpan.FromMilliseconds(50)));
        Assert.Equal(60_000, (await reading).Sum(line => line.Bytes.Length));
    }

    [Fact]
    public async Task What_a_slow_reader_left_in_the_pipe_is_read_when_the_process_has_long_ended()
    {
        await using var f = await Fixture.StartAsync(configure: o => o.Leftovers = LeftoverPolicy.Keep, redirects: true);
        f.Child.HoldsPipes = true;
        await using var lines = f.Process.ReadLinesAsync().GetAsyncEnumerator();
        var line = new byte[10_000];
        line[^1] = (byte)'\n';
        var written = 0L;
        var isOver = false;
        var writing = Task.Run(async () =>
        {
            while (!Volatile.Read(ref isOver))
            {
                await f.Child.WriteAsync(line);
                Interlocked.Increment(ref written);
            }
        });

        // Until the queue, the pump and the pipe are full.
        await SteadyAsync(() => Interlocked.Read(ref written));
        Volatile.Write(ref isOver, true);
        var expected = Interlocked.Read(ref written);
        f.Child.End(ProcessExitStatus.FromCode(0), leavesDescendants: true);
        await f.Process.Completion.WaitAsync(SupervisionLimits.Test);
        await f.TimerAsync();
        f.Time.Advance(TimeSpan.FromHours(1));
        var count = 0;
        var reading = Task.Run(async () =>
        {
            while (await lines.MoveNextAsync())
            {
                count++;
            }
        });
        await SupervisionLimits.UntilAsync(() => reading.IsCompleted, () => f.Time.Advance(TimeSpan.FromMilliseconds(50)));
        Assert.InRange(count, expected, expected + 1);
        await writing.WaitAsync(SupervisionLimits.Test);
    }

    [Fact]
    public async Task A_stream_that_always_has_more_is_read_no_further_than_a_pipe_can_hold()
    {
        var time = new ManualTime();
        var queue = new LineQueue(time);
        Assert.True(queue.TryAttachReader());
        using var pump = new LinePump(new EndlessStream(), isError: false, 1, 1000, queue, time);
        var pumping = pump.RunAsync(Task.CompletedTask);
        var reader = new LineReader(queue, 1000);
        await SupervisionLimits.UntilAsync(() => pumping.IsCompleted, () =>
        {
            time.Advance(LinePump.DrainPatience);
            for (var i = 0; i < 200_000 && reader.TryTake() is not null; i++)
            {
                // Room for more.
            }
        });
        await pumping;
    }

    [Fact]
    public async Task A_process_that_nobody_reads_any_more_waits_and_loses_nothing()
    {
        await using var f = await Fixture.StartAsync(redirects: true);
        await f.Child.WriteAsync("first\n");
        await using (var lines = f.Process.ReadLinesAsync().GetAsyncEnumerator())
        {
            Assert.True(await lines.MoveNextAsync().AsTask().WaitAsync(SupervisionLimits.Test));
        }

        await WriteMoreThanIsReadAheadAsync(f.Child);
        f.Child.End(ProcessExitStatus.FromCode(0));
        await f.Process.Completion.WaitAsync(SupervisionLimits.Test);
        Assert.Equal(Lines, (await AllAsync(f.Process)).Count);
        Assert.Equal(0, f.Process.DroppedOutput);
    }

    [Fact]
    public async Task A_stop_drains_what_nobody_reads_so_that_the_process_can_end()
    {
        await using var f = await Fixture.StartAsync(redirects: true);
        var writing = WriteAndEndAsync(f.Child);
        await Task.Delay(20);
        Assert.False(writing.IsCompleted);
        await f.Process.StopAsync().WaitAsync(SupervisionLimits.Test);
        await writing;
        Assert.True(f.Process.DroppedOutput > 3_000_000, $"{f.Process.DroppedOutput} bytes were dropped.");
        Assert.NotEmpty(await AllAsync(f.Process));
    }

    [Fact]
    public async Task A_stop_from_within_the_reading_does_not_hang()
    {
        await using var f = await Fixture.StartAsync(redirects: true);
        var writing = WriteAndEndAsync(f.Child);
        var isStopped = false;
        await foreach (var line in f.Process.ReadLinesAsync())
        {
            if (!isStopped)
            {
                isStopped = true;
                var stop = f.Process.StopAsync();
                await SupervisionLimits.UntilAsync(() => stop.IsCompleted, () => f.Time.Advance(TimeSpan.FromMilliseconds(250)));
                await stop;
            }
        }

        await writing;
        Assert.True(isStopped);
    }

    [Fact]
    public async Task A_reader_that_reads_loses_nothing_during_a_stop()
    {
        await using var f = await Fixture.StartAsync(redirects: true);
        var reading = AllAsync(f.Process);
        var writing = WriteAndEndAsync(f.Child);
        await f.Process.StopAsync().WaitAsync(SupervisionLimits.Test);
        await writing;
        Assert.Equal(500, (await reading.WaitAsync(SupervisionLimits.Test)).Count);
        Assert.Equal(0, f.Process.DroppedOutput);
    }

    [Fact]
    public async Task A_second_reader_is_told_so_and_the_next_one_goes_on()
    {
        await using var f = await Fixture.StartAsync(redirects: true);
        await f.Child.WriteAsync("a\nb\nc\n");
        await foreach (var line in f.Process.ReadLinesAsync())
        {
            Assert.Equal("a", line.Text);
            var error = Assert.Throws<InvalidOperationException>(() => f.Process.ReadLinesAsync().GetAsyncEnumerator());
            Assert.Contains("reads the lines already", error.Message, StringComparison.Ordinal);
            break;
        }

        f.Child.End(ProcessExitStatus.FromCode(0));
        Assert.Equal(["b", "c"], (await AllAsync(f.Process)).Select(line => line.Text));
    }

    [Fact]
    public async Task A_cancelled_wait_loses_no_line()
    {
        await using var f = await Fixture.StartAsync(redirects: true);
        using var source = new CancellationTokenSource();
        var lines = f.Process.ReadLinesAsync(source.Token).GetAsyncEnumerator();
        var wait = lines.MoveNextAsync().AsTask();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait.WaitAsync(SupervisionLimits.Test));
        await lines.DisposeAsync();
        await f.Child.WriteAsync("a\n");
        f.Child.End(ProcessExitStatus.FromCode(0));
        Assert.Equal("a", Assert.Single(await AllAsync(f.Process)).Text);
    }

    [Fact]
    public async Task Lines_go_on_over_restarts_and_say_who_wrote_them()
    {
        await using var f = await Fixture.StartAsync(RestartPolicy.OnFailure with { Backoff = TimeSpan.Zero }, redirects: true);
        await f.Child.WriteAsync("first");
        f.Child.Fail();
        var second = await f.Platform.NextAsync();
        await second.WriteAsync("second\n");
        second.End(ProcessExitStatus.FromCode(0));
        Assert.Equal([("first", 101), ("second", 102)], (await AllAsync(f.Process)).Select(line => (line.Text, line.ProcessId)));
    }

    [Fact]
    public async Task Bytes_and_lines_exclude_each_other_for_each_stream()
    {
        await using var f = await Fixture.StartAsync(redirects: true);
        Assert.Same(f.Child.Output, f.Process.StandardOutput);
        await f.Child.WriteAsync("only errors\n", toError: true);
        await using var lines = f.Process.ReadLinesAsync().GetAsyncEnumerator();
        Assert.Equal(("only errors", true, true, 101), await NextAsync(lines));
        Assert.Contains("read as lines already", Assert.Throws<InvalidOperationException>(() => f.Process.StandardError).Message, StringComparison.Ordinal);
        Assert.Same(f.Child.Output, f.Process.StandardOutput);
    }

    [Fact]
    public async Task What_is_not_redirected_cannot_be_read()
    {
        await using var f = await Fixture.StartAsync();
        Assert.Contains("RedirectStandardOutput", Assert.Throws<InvalidOperationException>(() => f.Process.StandardOutput).Message, StringComparison.Ordinal);
        Assert.Contains("RedirectStandardError", Assert.Throws<InvalidOperationException>(() => f.Process.StandardError).Message, StringComparison.Ordinal);
        Assert.Contains("RedirectStandardInput", Assert.Throws<InvalidOperationException>(() => f.Process.StandardInput).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => f.Process.ReadLinesAsync().GetAsyncEnumerator());
    }

    [Fact]
    public async Task What_has_been_read_can_still_be_taken_after_disposal()
    {
        var f = await Fixture.StartAsync(redirects: true);
        await using var lines = f.Process.ReadLinesAsync().GetAsyncEnumerator();
        await f.Child.WriteAsync("a\nb\n");
        Assert.Equal("a", (await NextAsync(lines)).Text);
        await f.DisposeAsync();
        Assert.Equal("b", (await NextAsync(lines)).Text);
        Assert.False(await lines.MoveNextAsync().AsTask().WaitAsync(SupervisionLimits.Test));
    }

    // Four and a half megabytes, and the end.
    private static Task WriteAndEndAsync(FakeChild child) => Task.Run(async () =>
    {
        var line = new byte[9000];
        line[^1] = (byte)'\n';
        for (var i = 0; i < 500; i++)
        {
            await child.WriteAsync(line);
        }

        child.End(ProcessExitStatus.FromSignal(SIGTERM));
    });

    private static async Task SteadyAsync(Func<long> value)
    {
        for (var (last, same) = (-1L, 0); same < 20; await Task.Delay(10))
        {
            (last, same) = value() == last ? (last, same + 1) : (value(), 0);
        }
    }

    private static async Task<(string Text, bool IsError, bool IsComplete, int ProcessId)> NextAsync(IAsyncEnumerator<OutputLine> lines)
    {
        Assert.True(await lines.MoveNextAsync().AsTask().WaitAsync(SupervisionLimits.Test), "The lines have ended.");
        var line = lines.Current;
        return (line.Text, line.IsError, line.IsComplete, line.ProcessId);
    }

    private static async Task<List<OutputLine>> AllAsync(SupervisedProcess process)
    {
        using var limit = new CancellationTokenSource(SupervisionLimits.Test);
        var all = new List<OutputLine>();
        await foreach (var line in process.ReadLinesAsync(limit.Token))
        {
            all.Add(line);
        }

        return all;
    }

    private const int Lines = 112;

    // 1.12 MB: what the queue takes, what the pump holds, and some that stays in the pipe.
    private static async Task WriteMoreThanIsReadAheadAsync(FakeChild child)
    {
        var line = new byte[10_000];
        line[^1] = (byte)'\n';
        for (var i = 0; i < Lines; i++)
        {
            await child.WriteAsync(line).WaitAsync(SupervisionLimits.Test);
        }
    }

    private sealed class EndlessStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            buffer.Span.Fill((byte)'\n');
            return new(buffer.Length);
        }
    }
}
