namespace SignalStreams.Tool;

/// <summary>Counts how often somebody asked for the end, as the library does.</summary>
/// <remarks>SIGHUP never hurries: a terminal that closes sends it, and its shell once more. The same signal within 100 ms counts once: a terminal and a
/// wrapper both deliver it.</remarks>
internal sealed class StopAttempts(TimeProvider time)
{
    private static readonly TimeSpan Once = TimeSpan.FromMilliseconds(100);
    private (ShutdownSignal Signal, long At)? _last;
    private int _count;

    /// <returns>Which attempt this is, from 1; 0 when it is none.</returns>
    public int Next(ShutdownSignal signal, long at)
    {
        if (_last is { } last && last.Signal == signal && time.GetElapsedTime(last.At, at) < Once)
        {
            return 0;
        }

        _last = (signal, at);
        return signal == ShutdownSignal.SIGHUP && _count > 0 ? 0 : ++_count;
    }
}
