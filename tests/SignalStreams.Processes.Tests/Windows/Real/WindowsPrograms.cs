using System.Diagnostics;
using System.Globalization;

namespace SignalStreams.Processes.Tests.Windows.Real;

/// <summary>The little program that a compiler for Windows has built (windowschild.c), and how tests start it.</summary>
internal static class WindowsPrograms
{
    /// <summary>How long a test waits for what must happen.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static string Child { get; } = Path.Combine(AppContext.BaseDirectory, "windowschild.exe");

    /// <summary>Skips a test where there is no Windows, or no program.</summary>
    public static void Require()
    {
        Assert.SkipUnless(OperatingSystem.IsWindows(), "NOT RUN: needs Windows.");
        Assert.SkipUnless(File.Exists(Child), "NOT RUN: windowschild.exe was not built; there was no compiler for Windows.");
    }

    /// <summary>The program with arguments, and all three streams in pipes.</summary>
    public static ProcessStartInfo Info(params string[] arguments) =>
        new(Child, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };

    /// <summary>Starts it, and waits until it says that it is ready.</summary>
    public static async Task<SupervisedProcess> StartReadyAsync(params string[] arguments) => (await StartFamilyAsync(1, arguments)).Child;

    /// <summary>Starts it, and waits until so many of its family say that they are ready.</summary>
    /// <returns>The child, and their ids in the order of their starts.</returns>
    public static async Task<(SupervisedProcess Child, List<int> Ids)> StartFamilyAsync(int count, params string[] arguments)
    {
        var child = SupervisedProcess.Start(Info(arguments), new SupervisedProcessOptions { Leftovers = LeftoverPolicy.Keep });
        try
        {
            var ids = new List<int>();
            await foreach (var line in child.ReadLinesAsync().WithCancellation(TestContext.Current.CancellationToken))
            {
                ids.Add(IdOf(line.Text));
                if (ids.Count == count)
                {
                    return (child, ids);
                }
            }

            throw new InvalidOperationException($"It said of {ids.Count} of {count} that they are ready.");
        }
        catch
        {
            await child.DisposeAsync();
            throw;
        }
    }

    /// <summary>All that it writes, to its end.</summary>
    public static async Task<List<OutputLine>> LinesAsync(SupervisedProcess child)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        var lines = new List<OutputLine>();
        await foreach (var line in child.ReadLinesAsync(limit.Token))
        {
            lines.Add(line);
        }

        return lines;
    }

    /// <summary>The number in "ready 12".</summary>
    public static int IdOf(string? line)
    {
        Assert.StartsWith("ready ", line, StringComparison.Ordinal);
        return int.Parse(line!["ready ".Length..], CultureInfo.InvariantCulture);
    }

    /// <summary>Whether a process lives.</summary>
    public static bool Lives(int id) => ProcessPlatform.Current.Identify(id) is not null;

    /// <summary>Waits until they have ended.</summary>
    public static async Task AssertGoneAsync(IEnumerable<int> ids)
    {
        foreach (var id in ids)
        {
            var start = TimeProvider.System.GetTimestamp();
            while (Lives(id))
            {
                Assert.True(TimeProvider.System.GetElapsedTime(start) < Limit, $"Within {Limit} process {id} should end.");
                await Task.Delay(10, TestContext.Current.CancellationToken);
            }
        }
    }
}
