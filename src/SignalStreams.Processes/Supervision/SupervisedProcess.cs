using System.Diagnostics;

namespace SignalStreams;

/// <summary>A child process under supervision: in a session of its own, with an exact exit status, stopped by a plan, restarted by a policy, and gone when
/// this process is gone.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>What <see cref="ProcessStartInfo"/> redirects is captured; what it does not is inherited. <see cref="ProcessStartInfo.UseShellExecute"/>,
/// user names and passwords are refused. Program, arguments and environment arrive exactly; no shell is involved.</item>
/// <item>When the process has ended, what it has started and left behind is killed (<see cref="SupervisedProcessOptions.Leftovers"/>).</item>
/// <item>Captured output has to be read: a child that nobody reads from waits when its pipe is full.</item>
/// <item>All members are thread-safe.</item>
/// </list>
/// </remarks>
public sealed class SupervisedProcess : IAsyncDisposable
{
    private SupervisedProcess() => throw new NotSupportedException();

    /// <summary>Starts a child.</summary>
    /// <exception cref="ProcessStartException">It could not be started; says what is missing: the program, the permission, the folder.</exception>
    /// <exception cref="ArgumentException">The start information asks for what cannot be done.</exception>
    public static SupervisedProcess Start(ProcessStartInfo startInfo, SupervisedProcessOptions? options = null) => throw new NotSupportedException();

    /// <summary>Starts a child and waits for its end: a child of a <see cref="TaskGroup"/> in one line.</summary>
    /// <param name="startInfo">What is started.</param>
    /// <param name="options">How it is supervised.</param>
    /// <param name="cancellationToken">Stops it by <see cref="SupervisedProcessOptions.StopPlan"/>; the call ends when it is gone.</param>
    /// <param name="forcefulToken">Kills it at once.</param>
    /// <returns>How it ended, when it ended by itself and no restart followed.</returns>
    /// <exception cref="OperationCanceledException">A token was cancelled, and the process is gone.</exception>
    public static Task<ProcessExitStatus> RunAsync(
        ProcessStartInfo startInfo, SupervisedProcessOptions? options = null, CancellationToken cancellationToken = default, CancellationToken forcefulToken = default) =>
        throw new NotSupportedException();

    /// <summary>What it is called in messages: <see cref="SupervisedProcessOptions.Name"/>, or the file name of the program.</summary>
    public string Name => throw new NotSupportedException();

    /// <summary>The process that runs now, or ran last.</summary>
    public ProcessIdentity Identity => throw new NotSupportedException();

    /// <summary>The id of the process that runs now, or ran last.</summary>
    public int Id => Identity.Id;

    /// <summary>What it is doing.</summary>
    public SupervisedProcessState State => throw new NotSupportedException();

    /// <summary>How often it has been started again.</summary>
    public int Restarts => throw new NotSupportedException();

    /// <summary>What keeps its descendants together, and makes them end when this process does.</summary>
    public ProcessContainment Containment => throw new NotSupportedException();

    /// <summary>Completes with the last exit status when it has ended and is not started again.</summary>
    public Task<ProcessExitStatus> Completion => throw new NotSupportedException();

    /// <summary>What its standard input reads, when it is redirected. A new process has a new one.</summary>
    /// <exception cref="InvalidOperationException">It is not redirected.</exception>
    public Stream StandardInput => throw new NotSupportedException();

    /// <summary>Its standard output as bytes, when it is redirected; either this or the lines can be read. A new process has a new one.</summary>
    /// <exception cref="InvalidOperationException">It is not redirected, or read as lines.</exception>
    public Stream StandardOutput => throw new NotSupportedException();

    /// <summary>Its standard error as bytes, when it is redirected; either this or the lines can be read. A new process has a new one.</summary>
    /// <exception cref="InvalidOperationException">It is not redirected, or read as lines.</exception>
    public Stream StandardError => throw new NotSupportedException();

    /// <summary>The lines of standard output and standard error, as they come, over all restarts. One reader.</summary>
    /// <remarks>Ends when the process has ended for good and what it wrote has been read; not later because a descendant keeps the pipe open.</remarks>
    public IAsyncEnumerable<OutputLine> ReadLinesAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>What happens to it: started, ended, waiting to be started again, stopping. One reader; it misses nothing.</summary>
    public IAsyncEnumerable<SupervisedProcessEvent> ReadEventsAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>Sends a signal to the process alone.</summary>
    public SendOutcome TrySend(ShutdownSignal signal, int? value = null) => throw new NotSupportedException();

    /// <summary>Sends a signal to the whole group of the process, as a terminal does.</summary>
    public SendOutcome TrySendToGroup(ShutdownSignal signal) => throw new NotSupportedException();

    /// <summary>Stops the process and its descendants by a plan; it is not started again. A second call escalates.</summary>
    /// <inheritdoc cref="GracefulStop.StopAsync(ProcessTarget, StopPlan?, IProgress{StopStep}?, CancellationToken)"/>
    public Task<StopOutcome> StopAsync(StopPlan? plan = null, IProgress<StopStep>? progress = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    /// <summary>Kills the process and its descendants at once; it is not started again.</summary>
    public void Kill() => throw new NotSupportedException();

    /// <summary>Kills what is still running and gives back all resources.</summary>
    public ValueTask DisposeAsync() => throw new NotSupportedException();
}
