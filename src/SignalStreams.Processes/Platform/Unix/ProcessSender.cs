namespace SignalStreams;

/// <summary>Sends a signal to one process, and to no other that has its id now.</summary>
/// <remarks>Between the check of the start time and kill(2) the process can end, be reaped and its id be given away: with a pidfd that hits nobody.
/// Without one it takes the kernel a whole round through all ids within microseconds.</remarks>
internal sealed class ProcessSender(IProcessTable table, bool usesDescriptors)
{
    /// <summary>Sends by a descriptor that is open, or by one that is opened for it.</summary>
    public SendOutcome Send(ProcessIdentity process, ProcessDescriptor? open, int signal, int? value)
    {
        if (open is not null)
        {
            return SendBy(open, process, signal, value);
        }

        if (!usesDescriptors)
        {
            return SendChecked(process, signal, value);
        }

        var found = ProcessDescriptor.TryOpen(process, table, limit: null, out var descriptor);
        using (descriptor)
        {
            return descriptor is not null ? SendBy(descriptor, process, signal, value)
                : found == ProcessLookup.Found ? SendChecked(process, signal, value)
                : Unsent(found);
        }
    }

    /// <summary>Sends to whoever has this id now, or, by a negative one, to that group.</summary>
    public static SendOutcome SendTo(int id, int signal, int? value)
    {
        if (value is { } queued)
        {
            return !OperatingSystem.IsLinux() ? SendOutcome.NotDeliverable
                : LibC.SigQueue(id, signal, queued) == 0 ? SendOutcome.Sent
                : OutcomeOf(UnixCalls.Error());
        }

        return LibC.Kill(id, signal) == 0 ? SendOutcome.Sent : OutcomeOf(UnixCalls.Error());
    }

    /// <summary>What an error of kill(2), sigqueue(3) and pidfd_send_signal(2) means.</summary>
    public static SendOutcome OutcomeOf(int error) => error switch
    {
        0 => SendOutcome.Sent,
        UnixCalls.NoSuchProcess => SendOutcome.Gone,
        UnixCalls.NotPermitted => SendOutcome.NotPermitted,
        _ => SendOutcome.NotDeliverable,
    };

    private SendOutcome SendBy(ProcessDescriptor descriptor, ProcessIdentity process, int signal, int? value)
    {
        var outcome = OutcomeOf(descriptor.Send(signal, value));

        // A filter may forbid the call (EPERM) or not know it (ENOSYS) though it let us open the descriptor: kill(2) has the last word.
        return outcome is SendOutcome.NotPermitted or SendOutcome.NotDeliverable ? SendChecked(process, signal, value) : outcome;
    }

    private SendOutcome SendChecked(ProcessIdentity process, int signal, int? value)
    {
        var found = ProcessDescriptor.Check(process, table);
        if (found != ProcessLookup.Found)
        {
            return Unsent(found);
        }

        return SendTo(process.Id, signal, value);
    }

    // Who could not be looked at is not signalled: it might be somebody else.
    private static SendOutcome Unsent(ProcessLookup found) => found == ProcessLookup.Unknown ? SendOutcome.NotDeliverable : SendOutcome.Gone;
}
