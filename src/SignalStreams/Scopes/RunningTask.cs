namespace SignalStreams;

/// <summary>A child that had not ended when a task group gave up waiting.</summary>
/// <param name="Name">Its name; "body" for the body of the group.</param>
/// <param name="Running">For how long it has been running.</param>
public sealed record RunningTask(string Name, TimeSpan Running)
{
    /// <summary>Name and time.</summary>
    public override string ToString() => $"'{Name}' (for {Running.TotalSeconds:0.###} s)";
}
