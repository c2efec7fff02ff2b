using System.Runtime.CompilerServices;

namespace SignalStreams;

/// <summary>Code that runs at the end of the process, whatever ends it: short for the members of <see cref="ShutdownManager.Default"/>.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>A handler runs once: after a signal, when the main function returns, at <c>Environment.Exit</c>, after an unhandled exception. Nothing can run
/// after SIGKILL, <c>Environment.FailFast</c>, a stack overflow, or the third attempt.</item>
/// <item>The last registered runs first (<see cref="ShutdownOptions.HandlerOrder"/>), one at a time, by phases for those who want them.</item>
/// <item>Handlers run on threads of the library, in the execution context in which they were registered. The code after an
/// <c>await</c> continues on the handler's thread, unless it says <c>ConfigureAwait(false)</c>, or keeps that thread busy for 10 ms: then the pool takes over. What is awaited may
/// need the pool all the same: a timer does, and a socket.</item>
/// <item>One that throws is reported, and the others run. One that hangs is given up at its limit, and the others run.</item>
/// <item>Handlers may register and unregister, others and themselves, and start processes. One that calls <c>Environment.Exit</c> never comes back from it: it is given up at its
/// limit, the others run, and the exit code stays as it was. One that wants another code sets <see cref="Environment.ExitCode"/>.</item>
/// </list>
/// </remarks>
public static class ExitHandlers
{
    /// <inheritdoc cref="ShutdownManager.Register(Func{ExitContext, Task}, ExitPhase?, TimeSpan?, string?)"/>
    public static ExitHandlerRegistration Register(
        Action handler, ExitPhase? phase = null, TimeSpan? timeLimit = null, [CallerArgumentExpression(nameof(handler))] string? name = null) =>
        ShutdownManager.Default.Register(handler, phase, timeLimit, name);

    /// <inheritdoc cref="ShutdownManager.Register(Func{ExitContext, Task}, ExitPhase?, TimeSpan?, string?)"/>
    public static ExitHandlerRegistration Register(
        Action<ExitContext> handler, ExitPhase? phase = null, TimeSpan? timeLimit = null, [CallerArgumentExpression(nameof(handler))] string? name = null) =>
        ShutdownManager.Default.Register(handler, phase, timeLimit, name);

    /// <inheritdoc cref="ShutdownManager.Register(Func{ExitContext, Task}, ExitPhase?, TimeSpan?, string?)"/>
    public static ExitHandlerRegistration Register(
        Func<Task> handler, ExitPhase? phase = null, TimeSpan? timeLimit = null, [CallerArgumentExpression(nameof(handler))] string? name = null) =>
        ShutdownManager.Default.Register(handler, phase, timeLimit, name);

    /// <inheritdoc cref="ShutdownManager.Register(Func{ExitContext, Task}, ExitPhase?, TimeSpan?, string?)"/>
    public static ExitHandlerRegistration Register(
        Func<ExitContext, Task> handler, ExitPhase? phase = null, TimeSpan? timeLimit = null, [CallerArgumentExpression(nameof(handler))] string? name = null) =>
        ShutdownManager.Default.Register(handler, phase, timeLimit, name);
}
