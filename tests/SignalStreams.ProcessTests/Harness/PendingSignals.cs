namespace SignalStreams.ProcessTests;

/// <summary>Tests that fill the kernel's queue of signals, which all processes of a user share, or need room in it: without room a signal loses its sender.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class PendingSignals
{
    public const string Name = "The kernel's queue of signals";
}
