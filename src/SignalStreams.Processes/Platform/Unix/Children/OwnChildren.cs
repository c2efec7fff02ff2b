namespace SignalStreams;

/// <summary>The processes that this library has started as its own children, so that an <see cref="OrphanReaper"/> leaves them alone.</summary>
internal static class OwnChildren
{
    // Whoever starts one reads: its id is here before the reaper, which writes, can look at it.
    private static readonly ReaderWriterLockSlim Starting = new();
    private static readonly Lock Gate = new();
    private static readonly Dictionary<int, int> Count = [];

    public static void EnterStart() => Starting.EnterReadLock();

    public static void ExitStart() => Starting.ExitReadLock();

    public static void EnterReaping() => Starting.EnterWriteLock();

    public static void ExitReaping() => Starting.ExitWriteLock();

    public static void Add(int pid)
    {
        // Counted: the id of one that has been reaped may be another's before it is removed here.
        lock (Gate)
        {
            Count[pid] = Count.GetValueOrDefault(pid) + 1;
        }
    }

    public static void Remove(int pid)
    {
        lock (Gate)
        {
            if (Count.GetValueOrDefault(pid) is var count && count > 1)
            {
                Count[pid] = count - 1;
            }
            else
            {
                Count.Remove(pid);
            }
        }
    }

    public static bool Contains(int pid)
    {
        lock (Gate)
        {
            return Count.ContainsKey(pid);
        }
    }
}
