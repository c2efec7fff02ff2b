namespace SignalStreams.Processes.Tests;

/// <summary>Programs that tests need and that not every machine has.</summary>
internal static class Programs
{
    /// <summary>The path of a program; skips the test, saying so, where there is none.</summary>
    public static string Require(string name)
    {
        var path = Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, name))
            .Where(candidate => !candidate.Contains("/shims/", StringComparison.Ordinal)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"'{name}' is not installed: what it does to signals is not tested.");
        return path!;
    }
}
