namespace SignalStreams.Processes.Tests;

public sealed class LibraryTimeTests
{
    [Fact]
    public async Task The_thread_does_not_wait_for_a_timer_that_has_been_disposed()
    {
        var time = new LibraryTime();
        var timer = time.CreateTimer(static _ => { }, null, TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);

        // It waits for the other one as soon as it has let go of this one.
        await Task.Delay(TimeSpan.FromMilliseconds(1), time).WaitAsync(TestChild.Limit);
        Assert.True(time.IsRunning);
        await timer.DisposeAsync();
        await Until.TrueAsync(() => !time.IsRunning, "the thread should leave");
    }

    [Fact]
    public async Task A_timer_that_comes_after_the_thread_has_left_is_due_in_time()
    {
        var time = new LibraryTime();
        for (var i = 0; i < 2; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), time).WaitAsync(TestChild.Limit);
            await Until.TrueAsync(() => !time.IsRunning, "the thread should leave");
        }
    }

    [Fact]
    public async Task An_earlier_timer_does_not_wait_for_a_later_one()
    {
        var time = new LibraryTime();
        using var later = time.CreateTimer(static _ => { }, null, TimeSpan.FromDays(40), Timeout.InfiniteTimeSpan);
        await Task.Delay(TimeSpan.FromMilliseconds(1), time).WaitAsync(TestChild.Limit);
    }
}
