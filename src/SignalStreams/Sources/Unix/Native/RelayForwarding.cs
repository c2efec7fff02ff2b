using System.Numerics;

namespace SignalStreams;

/// <summary>When delivered signals are handed on to their other owners in the process: by a reader that has nothing else to do, soon after.</summary>
/// <remarks>
/// A copy costs the runtime a thread, which would compete with what waits for the signal. So it goes out after the delivery, and the copies of a storm
/// merge, as the kernel merges what is pending. Readers are woken when the first one is due, and when some went out; in between they sleep with a limit.
/// </remarks>
internal sealed class RelayForwarding(Relay relay, RelaySlot?[] slots)
{
    // Long enough for user code to come back first, as it mostly does.
    private static readonly long s_delay = TimeProvider.System.TimestampFrequency / 1000 * 2;

    private static readonly long s_spacing = TimeProvider.System.TimestampFrequency / 1000 * 20;

    // Whoever sends what is due has it to himself until it is sent: the end of a claim waits for that.
    private readonly Lock _sending = new();

    // A bit for each signal that is to be forwarded.
    private long _due;

    // Up to here readers sleep with a limit; then what is due goes out.
    private long _next;

    /// <summary>Marks a signal as due. Somebody is to <see cref="Announce"/> it.</summary>
    public void Mark(RelaySlot slot) => Interlocked.Or(ref _due, BitOf(slot));

    /// <summary>Sees to it that what is due goes out, also if the caller does not come back from user code.</summary>
    public void Announce()
    {
        // Against Forward, which looks at the clock and then at what is due: that was left by a full fence before.
        var now = TimeProvider.System.GetTimestamp();
        var next = Volatile.Read(ref _next);
        if (now >= next && Interlocked.CompareExchange(ref _next, now + s_delay, next) == next)
        {
            // They sleep without a limit.
            relay.WakeAll();
        }
    }

    /// <summary>Forwards what is due, if it is time for it.</summary>
    /// <returns>For how long the caller may sleep, in ns; negative without a limit.</returns>
    public long Forward()
    {
        var now = TimeProvider.System.GetTimestamp();
        var next = Volatile.Read(ref _next);
        if (now < next)
        {
            return ToNanoseconds(next - now);
        }

        // Against Mark and Announce, which leave what is due and then look at the clock.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _due) == 0)
        {
            return -1;
        }

        if (Interlocked.CompareExchange(ref _next, now + s_spacing, next) == next)
        {
            Send();

            // Some may sleep without a limit, and what was marked meanwhile waits for somebody who does not.
            relay.WakeAll();
        }

        return ToNanoseconds(s_spacing);
    }

    /// <summary>Forwards a signal at once if it is due: its claim is about to end.</summary>
    public void Finish(RelaySlot slot)
    {
        lock (_sending)
        {
            if ((Interlocked.And(ref _due, ~BitOf(slot)) & BitOf(slot)) != 0)
            {
                slot.Forward();
            }
        }
    }

    private void Send()
    {
        lock (_sending)
        {
            for (var due = (ulong)Interlocked.Exchange(ref _due, 0); due != 0; due &= due - 1)
            {
                slots[BitOperations.TrailingZeroCount(due) + 1]!.Forward();
            }
        }
    }

    // Signals have the numbers 1 to 64.
    private static long BitOf(RelaySlot slot) => 1L << (slot.Number - 1);

    private static long ToNanoseconds(long ticks) => (long)(ticks * (1e9 / TimeProvider.System.TimestampFrequency));
}
