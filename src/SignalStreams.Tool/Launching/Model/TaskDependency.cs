namespace SignalStreams.Tool;

/// <summary>A task that has to have come so far before another may start.</summary>
internal sealed record TaskDependency(string Name, DependencyCondition Condition);
