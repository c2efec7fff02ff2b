namespace SignalStreams;

/// <summary>A child that waits for its turn, and the context that it was started from: whoever makes room for it has nothing to do with it.</summary>
internal readonly record struct QueuedChild(ChildTask Child, ExecutionContext? Context)
{
    /// <inheritdoc cref="ChildTask.Begin"/>
    public bool Begin()
    {
        if (Context is null)
        {
            return Child.Begin();
        }

        var child = Child;
        var hasEnded = false;
        ExecutionContext.Run(Context, _ => hasEnded = child.Begin(), null);
        return hasEnded;
    }
}
