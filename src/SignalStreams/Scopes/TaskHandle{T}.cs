using System.Runtime.CompilerServices;

namespace SignalStreams;

/// <summary>A child of a task group that has a result: to look at, to wait for, or to cancel alone.</summary>
/// <remarks>Awaiting <see cref="Completion"/> takes nothing from the group: an error is thrown there and comes out of the group as well. (The handle itself
/// cannot be awaited, or the compiler would ask for it at every start.) All members are thread-safe. The default value is of no child: its members throw
/// <see cref="InvalidOperationException"/>.</remarks>
public readonly struct TaskHandle<T> : IEquatable<TaskHandle<T>>
{
    private readonly ChildTask? _child;

    internal TaskHandle(ChildTask child) => _child = child;

    private ChildTask Child => _child ?? throw TaskHandle.NoChild();

    /// <inheritdoc cref="TaskHandle.Name"/>
    public string Name => Child.Name;

    /// <inheritdoc cref="TaskHandle.Status"/>
    public TaskHandleStatus Status => Child.Status;

    /// <summary>Ends with the child, and as it ends; it has the result.</summary>
    public Task<T> Completion => (Task<T>)Child.Completion;

    /// <inheritdoc cref="TaskHandle.Reason"/>
    public CancelReason? Reason => Child.Reason;

    /// <inheritdoc cref="TaskHandle.Cancel"/>
    public void Cancel(CancelReason? reason = null) => Child.Cancel(reason ?? TextCancelReason.None);

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
    public override string ToString() => _child is null ? "no child" : $"'{Name}' ({Status})";
}
