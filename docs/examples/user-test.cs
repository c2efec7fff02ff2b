// How to test a shutdown path without a real signal: the test raises signals by hand. Any test framework will do; here a few lines stand for one.
#:project ../../src/SignalStreams/SignalStreams.csproj
#:project ../../src/SignalStreams.Testing/SignalStreams.Testing.csproj
using SignalStreams;
using SignalStreams.Testing;
using static SignalStreams.ShutdownSignal;

var failures = 0;

await TestAsync("SIGTERM stops the service and saves its state", async () =>
{
    await using var test = new TestSignalHub();
    var service = new Service(test.Hub);
    var running = service.RunAsync();
    await test.WaitForListenerAsync(SIGTERM);

    Check(test.Raise(SIGTERM));

    await running;
    Check(service.IsSaved);
    Check(test.Ended is null);
    Check(test.Listeners.Count == 0);
});

await TestAsync("SIGHUP reloads and goes on", async () =>
{
    await using var test = new TestSignalHub();
    var service = new Service(test.Hub);
    var running = service.RunAsync();
    await test.WaitForListenerAsync(SIGHUP);

    Check(test.Raise(SIGHUP));
    Check(test.Raise(SIGTERM));

    await running;
    Check(service.Reloads == 1);
});

await TestAsync("SIGQUIT is nobody's, and would have ended the process", async () =>
{
    await using var test = new TestSignalHub();
    var running = new Service(test.Hub).RunAsync();
    await test.WaitForListenerAsync(SIGTERM);

    Check(!test.Raise(SIGQUIT));

    Check(test.Ended is { Signal: SIGQUIT, ExitCode: 131, Cause: TestProcessEndCause.NobodyListened });
    test.Raise(SIGTERM);
    await running;
});

return failures;

async Task TestAsync(string name, Func<Task> body)
{
    var before = failures;
    try
    {
        await body();
    }
    catch (Exception e)
    {
        failures++;
        Console.WriteLine(e);
    }

    Console.WriteLine($"{(failures == before ? "passed" : "FAILED")}: {name}");
}

void Check(bool condition, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(condition))] string? text = null)
{
    if (!condition)
    {
        failures++;
        Console.WriteLine($"not true: {text}");
    }
}

// What is tested: it gets its hub from outside. In the program that is SignalHub.Default.
internal sealed class Service(SignalHub signals)
{
    public bool IsSaved { get; private set; }

    public int Reloads { get; private set; }

    public async Task RunAsync()
    {
        await using var receiver = signals.OpenSignalReceiver(SIGHUP, SIGTERM);
        await foreach (var signal in receiver)
        {
            if (signal == SIGTERM) break;
            Reloads++;
        }

        IsSaved = true;
    }
}
