// Supervised workers: one that fails is started again, and Ctrl-C ends them all. The group waits for each, so that none is left in the middle of something.
#:project ../../src/SignalStreams/SignalStreams.csproj
using SignalStreams;
using static SignalStreams.ShutdownSignal;

await TaskGroup.RunAsync(new TaskGroupOptions { CloseTimeout = TimeSpan.FromSeconds(10) }, async group =>
{
    group.CancelOn(SIGINT, SIGTERM);
    foreach (var name in new[] { "mail", "index", "thumbnails" })
    {
        group.Start(name, token => SuperviseAsync(name, token));
    }

    Console.WriteLine($"pid {Environment.ProcessId}: working. Press Ctrl-C, or try: kill {Environment.ProcessId}");
    await Task.Delay(Timeout.Infinite, group.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    Console.WriteLine($"stopping: {group.Reason}");
});

Console.WriteLine("all workers have ended, goodbye");

// What it throws in the end is the group's error, and ends the other workers too.
static async Task SuperviseAsync(string name, CancellationToken token)
{
    const int Attempts = 3;
    for (var attempt = 1; ; attempt++)
    {
        try
        {
            await WorkAsync(name, attempt, token);
            return;
        }
        catch (InvalidOperationException e) when (attempt < Attempts)
        {
            Console.WriteLine($"{name} has failed: {e.Message}");
            await Task.Delay(TimeSpan.FromMilliseconds(100) * attempt, token);
        }
    }
}

static async Task WorkAsync(string name, int attempt, CancellationToken token)
{
    Console.WriteLine($"{name}: attempt {attempt}");
    if (name == "index" && attempt == 1)
    {
        throw new InvalidOperationException("the index is locked");
    }

    try
    {
        while (true)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), token);
        }
    }
    finally
    {
        Console.WriteLine($"{name}: put away");
    }
}
