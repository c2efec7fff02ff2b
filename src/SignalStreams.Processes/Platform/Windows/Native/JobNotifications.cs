using System.Collections.Concurrent;
using System.ComponentModel;
using System.Runtime.Versioning;

namespace SignalStreams;

/// <summary>The completion port that all jobs report to, and the one thread that reads it.</summary>
[SupportedOSPlatform("windows")]
internal sealed class JobNotifications
{
    private const nint InvalidHandle = -1;

    private static readonly Lazy<JobNotifications> Shared = new(() => new());

    private readonly ConcurrentDictionary<nuint, TaskCompletionSource> _jobs = new();
    private ulong _lastKey;

    private JobNotifications()
    {
        Port = Kernel32.CreateIoCompletionPort(InvalidHandle, 0, 0, 1);
        if (Port == 0)
        {
            throw new Win32Exception();
        }

        new Thread(Read) { IsBackground = true, Name = "SignalStreams jobs" }.Start();
    }

    public static JobNotifications Instance => Shared.Value;

    /// <summary>The port. Open for the life of the process.</summary>
    public nint Port { get; }

    /// <summary>Takes in a job.</summary>
    /// <returns>The key that it reports under, and what completes when it is empty.</returns>
    public (nuint Key, Task Emptied) Add()
    {
        var key = (nuint)Interlocked.Increment(ref _lastKey);
        var emptied = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _jobs[key] = emptied;
        return (key, emptied.Task);
    }

    public void Remove(nuint key) => _jobs.TryRemove(key, out _);

    private void Read()
    {
        while (Kernel32.GetQueuedCompletionStatus(Port, out var message, out var key, out _, uint.MaxValue))
        {
            if (message == Kernel32.JobMessageActiveProcessZero && _jobs.TryGetValue(key, out var emptied))
            {
                emptied.TrySetResult();
            }
        }
    }
}
