namespace SignalStreams.Processes.Tests;

/// <summary>All that came of one start, told by a variable of the environment, double-forked or not; killed when disposed.</summary>
internal sealed class Family : IDisposable
{
    private const string Name = "SIGNALSTREAMS_TEST_FAMILY";

    private readonly string _mark = Guid.NewGuid().ToString("N");

    /// <summary>Gives a process that is about to be started the mark.</summary>
    public void Mark(IDictionary<string, string?> environment) => environment[Name] = _mark;

    /// <summary>Who of it lives.</summary>
    public IReadOnlyList<int> Living() => [.. ProcessList.Living().Where(HasMark)];

    /// <summary>Nobody of it lives.</summary>
    public void AssertGone() => Assert.Equal([], Describe());

    /// <summary>Who of it lives, for people.</summary>
    public IEnumerable<string> Describe() => Living().Select(id => $"{id} {ProcessList.StateOf(id)} {Read($"/proc/{id}/cmdline").Replace('\0', ' ')}");

    public void Dispose()
    {
        var start = TimeProvider.System.GetTimestamp();
        while (Living() is { Count: > 0 } living)
        {
            // Stopped first: they may fork.
            foreach (var signal in (int[])[SIGSTOP.GetNumber(), SIGKILL.GetNumber()])
            {
                foreach (var id in living)
                {
                    _ = LibC.Kill(id, signal);
                }
            }

            if (TimeProvider.System.GetElapsedTime(start) > TestChild.Limit)
            {
                throw new InvalidOperationException($"Processes of a test outlive SIGKILL: {string.Join(", ", living)}.");
            }
        }
    }

    private bool HasMark(int process) => Read($"/proc/{process}/environ").Contains($"{Name}={_mark}", StringComparison.Ordinal);

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
