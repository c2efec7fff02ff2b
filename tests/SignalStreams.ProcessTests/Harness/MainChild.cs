using System.Text.RegularExpressions;

namespace SignalStreams.ProcessTests;

/// <summary>The scenario "RemoteMain": a child that does what the test tells it to, on its main thread or beside it.</summary>
internal static partial class MainChild
{
    /// <summary>The machine's own limit for a stop, which may be that of a container, must not change the defaults.</summary>
    private static readonly Dictionary<string, string> NoBudget = new() { ["SIGNALSTREAMS_STOP_BUDGET"] = "infinity" };

    public static ChildStart Scenario { get; } = ChildStart.Scenario("RemoteMain") with { Input = ChildInput.Pipe, Environment = NoBudget };

    /// <summary>Starts one, and has it do some things.</summary>
    public static async Task<ChildProcess> StartAsync(params string[] commands) =>
        await (await ChildProcess.StartReadyAsync(Scenario)).AfterAsync(child => child.DoAsync(commands));

    /// <summary>The exit handlers that have run, in their order.</summary>
    public static string[] HandlersOf(ChildProcess child) =>
        [.. child.Output.Split('\n').Where(line => line.StartsWith("handler ", StringComparison.Ordinal)).Select(line => line["handler ".Length..].TrimEnd('\r'))];

    /// <summary>Waits for the end, which must be by the signal, after exactly these exit handlers in this order.</summary>
    public static async Task AssertEndsAsync(this ChildProcess child, ShutdownSignal signal, params string[] handlers)
    {
        await child.AssertEndsAsync(signal);
        Assert.Equal(handlers, HandlersOf(child));
    }

    /// <summary>Waits for the end, which must be with the exit code, after exactly these exit handlers in this order.</summary>
    public static async Task AssertEndsAsync(this ChildProcess child, int code, params string[] handlers)
    {
        await child.AssertEndsAsync(code);
        Assert.Equal(handlers, HandlersOf(child));
    }

    /// <summary>Waits for the end, which must be that of the runtime after an exception that nobody caught, after exactly these exit handlers.</summary>
    public static async Task AssertCrashesAsync(this ChildProcess child, string message, params string[] handlers)
    {
        await child.AssertEndsAsync(ShutdownSignals.Parse("SIGABRT"), handlers);
        Assert.Contains(message, child.Output, StringComparison.Ordinal);
    }

    /// <summary>The runtime has reported no exception, and no stack.</summary>
    public static void AssertNoUnhandledException(this ChildProcess child)
    {
        Assert.DoesNotContain("Unhandled exception", child.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at S", child.Output, StringComparison.Ordinal);
    }

    // Whoever has cancelled a token is not waited for any longer, and on a busy machine leaves a moment later.
    [GeneratedRegex(@"^The shutdown was held up: token '\w+' still runs after 0\.\d+ s\.$")]
    private static partial Regex LateToken { get; }

    /// <summary>Nothing says that anything went wrong.</summary>
    public static void AssertNoError(this ChildProcess child)
    {
        child.AssertNoUnhandledException();
        Assert.DoesNotContain(
            child.Output.Split('\n'),
            line => line.StartsWith("The shutdown was held up", StringComparison.Ordinal) && !LateToken.IsMatch(line));
    }
}
