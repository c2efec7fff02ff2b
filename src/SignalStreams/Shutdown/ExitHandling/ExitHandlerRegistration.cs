namespace SignalStreams;

/// <summary>An exit handler that is registered. Disposing it unregisters the handler; one that has begun is not stopped by it.</summary>
/// <remarks>It need not be kept: the manager holds it. Thread-safe.</remarks>
public sealed class ExitHandlerRegistration : IDisposable
{
    private readonly ShutdownManager _manager;
    private readonly Delegate _handler;
    private readonly string _name;
#pragma warning disable CA2213 // Disposing a context does nothing, and it may be shared.
    private readonly ExecutionContext? _context = ExecutionContext.Capture();
#pragma warning restore CA2213

    internal ExitHandlerRegistration(ShutdownManager manager, Delegate handler, ExitPhase phase, TimeSpan? timeLimit, string name)
    {
        _manager = manager;
        _handler = handler;
        Phase = phase;
        TimeLimit = timeLimit;
        _name = name;
    }

    /// <summary>The name that it was registered with, or the expression.</summary>
    public string Name => ExpressionName.Shorten(_name);

    /// <summary>The phase in which it runs.</summary>
    public ExitPhase Phase { get; }

    /// <summary>How long it may take; null for <see cref="ShutdownOptions.HandlerTime"/>.</summary>
    public TimeSpan? TimeLimit { get; }

    internal ExitHandlerRegistration? Previous { get; set; }

    internal ExitHandlerRegistration? Next { get; set; }

    /// <summary>The list in which it waits for its turn; null before and after that. Under the manager's gate.</summary>
    internal ExitPhaseList? List { get; set; }

    /// <summary>Unregisters the handler. It may be called by the handler itself, by other handlers, and more than once.</summary>
    public void Dispose() => _manager.Unregister(this);

    /// <summary>Calls the handler, in the execution context in which it was registered.</summary>
    /// <returns>What there is to wait for; null for nothing.</returns>
    internal Task? Call(ExitContext context)
    {
        if (_context is null)
        {
            return Invoke(context);
        }

        Task? running = null;
        ExecutionContext.Run(_context, _ => running = Invoke(context), null);
        return running;
    }

    private Task? Invoke(ExitContext context)
    {
        switch (_handler)
        {
            case Func<ExitContext, Task> handler:
                return handler(context);
            case Func<Task> handler:
                return handler();
            case Action<ExitContext> handler:
                handler(context);
                return null;
            default:
                ((Action)_handler)();
                return null;
        }
    }
}
