using System.Diagnostics;

namespace SignalStreams.Processes.Tests;

/// <summary>Processes that nobody means: a stop that hits one of them has hit a wrong one.</summary>
internal sealed class Bystanders : IDisposable
{
    private readonly List<Process> _processes = [];

    /// <summary>One more, whose id lies among those that are given out now.</summary>
    public void Add() => _processes.Add(Process.Start(new ProcessStartInfo("sleep", "1000"))!);

    public void AssertUnharmed() => Assert.All(_processes, process => Assert.False(process.HasExited, $"Process {process.Id}, whom nobody meant, has ended."));

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }
}
