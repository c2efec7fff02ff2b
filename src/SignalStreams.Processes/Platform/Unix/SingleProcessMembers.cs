namespace SignalStreams;

/// <summary>One process.</summary>
internal sealed class SingleProcessMembers(ProcessIdentity process, IProcessTable table) : IProcessMembers
{
    // One that cannot be looked at is not gone.
    public List<ProcessIdentity> Find() => ProcessDescriptor.Check(process, table) == ProcessLookup.Gone ? [] : [process];
}
