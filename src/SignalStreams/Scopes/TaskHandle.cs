using System.Runtime.CompilerServices;

namespace SignalStreams;

/// <summary>A child of a task group: to look at, to wait for, or to cancel alone.</summary>
/// <remarks>Awaiting <see cref="Completion"/> takes nothing from the group: an error is thrown there and comes out of the group as well. (The handle itself
/// cannot be awaited, or the compiler would ask for it at every start.) All members are thread-safe. The default value is of no child: its members throw
/// <see cref="InvalidOperationException"/>.</remarks>
public readonly struct TaskHandle : IEquatable<TaskHandle>
{
    private readonly ChildTask? _child;

    internal TaskHandle(ChildTask child) => _child = child;

    private ChildTask Child => _child ?? throw NoChild();

    /// <summary>The name that it was started with, or the expression that it was started from.</summary>
    public string Name => Child.Name;

    /// <summary>How far it is.</summary>
    public TaskHandleStatus Status => Child.Status;

    /// <summary>Ends with the child, and as it ends.</summary>
    public Task Completion => Child.Completion;

    /// <summary>Why it was cancelled alone; null if it was not.</summary>
    public CancelReason? Reason => Child.Reason;

    /// <summary>Cancels this child and no other. It then ends without an error for the group.</summary>
    /// <param name="reason">Why; a text will do.</param>
    public void Cancel(CancelReason? reason = null) => Child.Cancel(reason ?? TextCancelReason.None);

    internal static InvalidOperationException NoChild() => new("The handle is of no child: it is the default value. Use the one that the group gave.");

    /// <summary>Whether both are of the same child.</summary>
    public bool Equals(TaskHandle other) => _child == other._child;

    /// <inheritdoc cref="Equals(TaskHandle)"/>
    public override bool Equals(object? obj) => obj is TaskHandle other && Equals(other);

    /// <summary>A hash of the child's identity.</summary>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(_child);

    /// <summary>Whether both are of the same child.</summary>
    public static bool operator ==(TaskHandle left, TaskHandle right) => left.Equals(right);

    /// <summary>Whether they are of different children.</summary>
    public static bool operator !=(TaskHandle left, TaskHandle right) => !left.Equals(right);

    /// <summary>Name and status.</summary>
    public override string ToString() => _child is null ? "no child" : $"'{Name}' ({Status})";
}
