namespace SignalStreams.Processes.Tests;

/// <summary>Tests that choose by an environment variable how children are started, and that count processes, descriptors and handles: nothing beside them.</summary>
[CollectionDefinition(nameof(ChildrenAlone), DisableParallelization = true)]
public sealed class ChildrenAlone;
