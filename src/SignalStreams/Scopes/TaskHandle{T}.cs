using System.Runtime.CompilerServices;

namespace SignalStreams;

/// <summary>A child of a task group that has a result: to look at, to wait for, or to cancel alone.</summary>
/// <remarks>Awaiting <see cref="Completion"/> takes nothing from the group: an error is thrown there and comes out of the group as well. (The handle itself
/// cannot be awaited, or the compiler would ask for it at every start.) All members are thread-safe.</remarks>
public readonly struct TaskHandle<T> : IEquatable<TaskHandle<T>>
{
    private readonly ChildTask _child;

    internal TaskHandle(ChildTask child) => _child = child;

    /// <inheritdoc cref="TaskHandle.Name"/>
    public string Name => _child.Name;

    /// <inheritdoc cref="TaskHandle.Status"/>
    public TaskHandleStatus Status => _child.Status;

    /// <summary>Ends with the child, and as it ends; it has the result.</summary>
    public Task<T> Completion => (Task<T>)_child.Completion;

    /// <inheritdoc cref="TaskHandle.Reason"/>
    public CancelReason? Reason => _child.Reason;

    /// <inheritdoc cref="TaskHandle.Cancel"/>
    public void Cancel(CancelReason? reason = null) => _child.Cancel(reason ?? TextCancelReason.None);

    /// <summary>Whether both are of the same child.</summary>
    public bool Equals(TaskHandle<T> other) => _child == other._child;

    /// <inheritdoc cref="Equals(TaskHandle{T})"/>
    public override bool Equals(object? obj) => obj is TaskHandle<T> other && Equals(other);

    /// <summary>A hash of the child's identity.</summary>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(_child);

    /// <summary>Whether both are of the same child.</summary>
    public static bool operator ==(TaskHandle<T> left, TaskHandle<T> right) => left.Equals(right);

    /// <summary>Whether they are of different children.</summary>
    public static bool operator !=(TaskHandle<T> left, TaskHandle<T> right) => !left.Equals(right);

    /// <summary>Name and status.</summary>
    public override string ToString() => $"'{Name}' ({Status})";
}
