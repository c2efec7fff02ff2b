using System.Runtime.CompilerServices;

namespace SignalStreams;

/// <summary>A child of a task group: to look at, to wait for, or to cancel alone.</summary>
/// <remarks>Awaiting <see cref="Completion"/> takes nothing from the group: an error is thrown there and comes out of the group as well. (The handle itself
/// cannot be awaited, or the compiler would ask for it at every start.) All members are thread-safe.</remarks>
public readonly struct TaskHandle : IEquatable<TaskHandle>
{
    private readonly ChildTask _child;

    internal TaskHandle(ChildTask child) => _child = child;

    /// <summary>The name that it was started with, or the expression that it was started from.</summary>
    public string Name => _child.Name;

    /// <summary>How far it is.</summary>
    public TaskHandleStatus Status => _child.Status;

    /// <summary>Ends with the child, and as it ends.</summary>
    public Task Completion => _child.Completion;

    /// <summary>Why it was cancelled alone; null if it was not.</summary>
    public CancelReason? Reason => _child.Reason;

    /// <summary>Cancels this child and no other. It then ends without an error for the group.</summary>
    /// <param name="reason">Why; a text will do.</param>
    public void Cancel(CancelReason? reason = null) => _child.Cancel(reason ?? TextCancelReason.None);

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
    public override string ToString() => $"'{Name}' ({Status})";
}
