using System.Diagnostics;

namespace SignalStreams;

/// <summary>A child process under supervision: in a session of its own, with an exact exit status, stopped by a plan, restarted by a policy, and gone when
/// this process is gone.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>What <see cref="ProcessStartInfo"/> redirects is captured; what it does not is inherited. <see cref="ProcessStartInfo.UseShellExecute"/>,
/// user names and passwords are refused. Program, arguments and environment arrive exactly, and the program is told its name as it
/// is given here (argv[0]); no shell is involved. Encodings and window styles have no
/// meaning here.</item>
/// <item>A program without a slash in its name is looked up in the PATH of the child's environment, where an empty entry means nothing; a relative path
/// is looked up from the child's working folder.</item>
/// <item>When the process has ended, what it has started and left behind is killed (<see cref="SupervisedProcessOptions.Leftovers"/>).</item>
/// <item>Captured output has to be read: a child that nobody reads from waits when its pipe is full. While it is being stopped, output that nobody reads
/// is read and dropped, so that it can end (<see cref="DroppedOutput"/>).</item>
/// <item>All members are thread-safe.</item>
/// </list>
/// </remarks>
public sealed class SupervisedProcess : IAsyncDisposable
{
    private readonly Supervisor _supervisor;

    private SupervisedProcess(Supervisor supervisor) => _supervisor = supervisor;

    /// <summary>Starts a child.</summary>
    /// <param name="startInfo">What is started. Copied: it can be changed and used again afterwards.</param>
    /// <param name="options">How it is supervised.</param>
    /// <exception cref="ProcessStartException">It could not be started; says what is missing: the program, the permission, the folder.</exception>
    /// <exception cref="ArgumentException">The start information asks for what cannot be done, or an option is out of its range.</exception>
    public static SupervisedProcess Start(ProcessStartInfo startInfo, SupervisedProcessOptions? options = null) => Start(startInfo, options, SupervisionParts.Real);

    /// <summary>Starts a child and waits for its end: a child of a <see cref="TaskGroup"/> in one line.</summary>
    /// <remarks>
    /// <para>There is one way out, and the process and its descendants are gone then: the exit status, or an exception. A failing exit status is an exception
    /// only with <see cref="SupervisedProcessOptions.ThrowOnFailure"/>.</para>
    /// <para>A redirected standard input ends at once; redirected output needs the overload with <c>onLine</c>. A plan without SIGKILL may leave the process
    /// running: the call goes on waiting then, until it ends or <paramref name="forcefulToken"/> kills it.</para>
    /// </remarks>
    /// <param name="startInfo">What is started.</param>
    /// <param name="options">How it is supervised.</param>
    /// <param name="cancellationToken">Stops it by <see cref="SupervisedProcessOptions.StopPlan"/>; the call ends when it is gone.</param>
    /// <param name="forcefulToken">Kills it at once.</param>
    /// <returns>How it ended, when it ended by itself and no restart followed.</returns>
    /// <exception cref="OperationCanceledException">A token was cancelled, and the process is gone; carries the token that was cancelled first.</exception>
    /// <exception cref="ProcessFailedException">It failed, and <see cref="SupervisedProcessOptions.ThrowOnFailure"/> is set.</exception>
    /// <exception cref="ProcessStartException">It could not be started, or not started again.</exception>
    /// <exception cref="ArgumentException">The start information asks for what cannot be done, or redirects output that nobody would read.</exception>
    public static Task<ProcessExitStatus> RunAsync(
        ProcessStartInfo startInfo, SupervisedProcessOptions? options = null, CancellationToken cancellationToken = default, CancellationToken forcefulToken = default) =>
        RunAsync(startInfo, null, options, SupervisionParts.Real, cancellationToken, forcefulToken);

    /// <inheritdoc cref="RunAsync(ProcessStartInfo, SupervisedProcessOptions?, CancellationToken, CancellationToken)"/>
    /// <param name="startInfo">What is started, with at least one of its outputs redirected.</param>
    /// <param name="onLine">Is given each line, one after the other, on a thread of the pool. What it throws stops the process and comes out of the call.</param>
    /// <param name="options">How it is supervised.</param>
    /// <param name="cancellationToken">Stops it by <see cref="SupervisedProcessOptions.StopPlan"/>; the call ends when it is gone.</param>
    /// <param name="forcefulToken">Kills it at once.</param>
    public static Task<ProcessExitStatus> RunAsync(
        ProcessStartInfo startInfo,
        Action<OutputLine> onLine,
        SupervisedProcessOptions? options = null,
        CancellationToken cancellationToken = default,
        CancellationToken forcefulToken = default)
    {
        ArgumentNullException.ThrowIfNull(onLine);
        return RunAsync(startInfo, onLine, options, SupervisionParts.Real, cancellationToken, forcefulToken);
    }

    /// <summary>What it is called in messages: <see cref="SupervisedProcessOptions.Name"/>, or the file name of the program.</summary>
    public string Name => _supervisor.Settings.Name;

    /// <summary>The process that runs now, or ran last.</summary>
    public ProcessIdentity Identity => _supervisor.Child.Identity;

    /// <summary>The id of the process that runs now, or ran last.</summary>
    public int Id => Identity.Id;

    /// <summary>What it is doing.</summary>
    public SupervisedProcessState State => _supervisor.State;

    /// <summary>How often it has been started again; starts that failed do not count.</summary>
    public int Restarts => _supervisor.Restarts;

    /// <summary>What keeps its descendants together, and makes them end when this process does.</summary>
    public ProcessContainment Containment => _supervisor.Child.Containment;

    /// <summary>How many bytes of its output were dropped: nobody read them while it was being stopped, or before it was started again.</summary>
    public long DroppedOutput => _supervisor.Output.Dropped;

    /// <summary>Completes with the last exit status when it has ended and is not started again. Unread output does not hold it up.</summary>
    /// <remarks>Fails with what the last start threw when that is why it was given up.</remarks>
    public Task<ProcessExitStatus> Completion => _supervisor.Completion;

    /// <summary>What its standard input reads, when it is redirected. A new process has a new one.</summary>
    /// <exception cref="InvalidOperationException">It is not redirected.</exception>
    public Stream StandardInput => _supervisor.Input;

    /// <summary>Its standard output as bytes, when it is redirected; either this or the lines can be read. A new process has a new one, and that of the
    /// last but one is closed.</summary>
    /// <remarks>Ends when all have closed it, descendants too.</remarks>
    /// <exception cref="InvalidOperationException">It is not redirected, or read as lines.</exception>
    public Stream StandardOutput => _supervisor.Output.TakeRaw(isError: false);

    /// <summary>Its standard error as bytes, when it is redirected; either this or the lines can be read. A new process has a new one, and that of the
    /// last but one is closed.</summary>
    /// <remarks>Ends when all have closed it, descendants too.</remarks>
    /// <exception cref="InvalidOperationException">It is not redirected, or read as lines.</exception>
    public Stream StandardError => _supervisor.Output.TakeRaw(isError: true);

    /// <summary>Makes the next end the last: it is not started again. Sends nothing.</summary>
    internal void EndRestarts() => _supervisor.EndRestarts();

    internal bool WasStopped => _supervisor.WasStopped;

    /// <summary>The lines of standard output and standard error, as they come, over all restarts. One reader at a time: the next one goes on where the
    /// last one stopped.</summary>
    /// <remarks>
    /// <para>Ends when the process has ended for good and what it wrote has been read; not later because a descendant keeps the pipe open. A stream that is
    /// read as bytes is not among them. Which of two lines comes first is known within one stream only; across both it is the order of reading.</para>
    /// <para>Up to 1 MiB is read ahead, and a line of each stream; then the process waits. A reader that stands still for a second while the process is being
    /// stopped loses what has no room.</para>
    /// </remarks>
    /// <exception cref="InvalidOperationException">When the reading begins: somebody else is reading, or nothing is redirected.</exception>
    public IAsyncEnumerable<OutputLine> ReadLinesAsync(CancellationToken cancellationToken = default) => new LineEnumerable(_supervisor.Output, cancellationToken);

    /// <summary>What happens to it: started, ended, waiting to be started again, stopping. It misses nothing, from the first start on. One reader at a time:
    /// the next one goes on where the last one stopped.</summary>
    /// <exception cref="InvalidOperationException">When the reading begins: somebody else is reading.</exception>
    public IAsyncEnumerable<SupervisedProcessEvent> ReadEventsAsync(CancellationToken cancellationToken = default) => _supervisor.ReadEventsAsync(cancellationToken);

    /// <summary>Sends a signal to the process alone, and says what became of it.</summary>
    /// <remarks>While it waits to be started again there is nobody to send to: <see cref="SendOutcome.Gone"/>. A start that is under way is
    /// waited for, on the calling thread and for 5 s at most.</remarks>
    /// <param name="signal">By its name, or by its number on this platform.</param>
    /// <param name="value">What <see cref="SignalOrigin.Value"/> is at the receiver. Linux only.</param>
    /// <exception cref="ArgumentOutOfRangeException">No platform has such a signal.</exception>
    public SendOutcome TrySend(ShutdownSignal signal, int? value = null) => SendTo(signal, value).Outcome;

    /// <summary>Sends a signal to the process alone.</summary>
    /// <inheritdoc cref="TrySend" path="/remarks"/>
    /// <param name="signal">By its name, or by its number on this platform.</param>
    /// <param name="value">What <see cref="SignalOrigin.Value"/> is at the receiver. Linux only.</param>
    /// <exception cref="ProcessSignalException">It could not be sent; the message says why.</exception>
    /// <exception cref="ArgumentOutOfRangeException">No platform has such a signal.</exception>
    public void Send(ShutdownSignal signal, int? value = null)
    {
        signal = SignalSending.Check(signal, nameof(signal));
        var child = _supervisor.Addressee;
        ProcessSignal.Require(child.Send(signal, value), ProcessTarget.Of(child.Identity), signal, value);
    }

    /// <summary>Sends a signal to the whole group of the process, as a terminal does, and says what became of it.</summary>
    /// <inheritdoc cref="TrySend" path="/remarks"/>
    /// <param name="signal">By its name, or by its number on this platform.</param>
    /// <exception cref="ArgumentOutOfRangeException">No platform has such a signal.</exception>
    public SendOutcome TrySendToGroup(ShutdownSignal signal) => SendToGroup(signal).Outcome;

    internal SendResult SendTo(ShutdownSignal signal, int? value)
    {
        signal = SignalSending.Check(signal, nameof(signal));
        return _supervisor.Addressee.Send(signal, value);
    }

    internal SendResult SendToGroup(ShutdownSignal signal)
    {
        signal = SignalSending.Check(signal, nameof(signal));
        return _supervisor.Addressee.SendToGroup(signal);
    }

    /// <summary>Stops the process and its descendants by a plan; it is not started again. A second call escalates.</summary>
    /// <param name="plan">Which signals, and when. Default: <see cref="SupervisedProcessOptions.StopPlan"/>.</param>
    /// <param name="progress">Is told of each signal, on a thread of the library. It may block: the stop goes on when it has returned, other stops do not wait.</param>
    /// <param name="cancellationToken">Ends the stop where it stands; nothing more is sent. The process is not started again all the same.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<StopOutcome> StopAsync(StopPlan? plan = null, IProgress<StopStep>? progress = null, CancellationToken cancellationToken = default) =>
        _supervisor.StopAsync(plan ?? _supervisor.Settings.StopPlan, progress, cancellationToken);

    /// <summary>Kills the process and its descendants at once; it is not started again.</summary>
    /// <remarks>It waits for nobody and needs no thread of the pool. One that is just being started again is killed as soon as it has been.</remarks>
    public void Kill() => _supervisor.Kill();

    /// <summary>Kills what is still running and gives back all resources. What was read as lines and not yet handed out can still be read.</summary>
    public ValueTask DisposeAsync() => new(_supervisor.DisposeAsync());

    internal static SupervisedProcess Start(ProcessStartInfo startInfo, SupervisedProcessOptions? options, SupervisionParts parts, bool closesInput = false)
    {
        ArgumentNullException.ThrowIfNull(startInfo);
        options ??= new SupervisedProcessOptions();
        var request = StartRequest.From(startInfo, options.Place);
        var settings = SupervisionSettings.From(options, request.DefaultName) with { ClosesInput = closesInput };
        return new SupervisedProcess(new Supervisor(request, settings, parts));
    }

    internal static Task<ProcessExitStatus> RunAsync(
        ProcessStartInfo startInfo,
        Action<OutputLine>? onLine,
        SupervisedProcessOptions? options,
        SupervisionParts parts,
        CancellationToken cancellationToken,
        CancellationToken forcefulToken)
    {
        ArgumentNullException.ThrowIfNull(startInfo);
        if (onLine is null && (startInfo.RedirectStandardOutput || startInfo.RedirectStandardError))
        {
            throw new ArgumentException("The output is redirected, and nobody would read it. Give RunAsync an onLine (an empty one drops the lines), read them after SupervisedProcess.Start, or do not redirect.", nameof(startInfo));
        }

        if (onLine is not null && !startInfo.RedirectStandardOutput && !startInfo.RedirectStandardError)
        {
            throw new ArgumentException("No output is redirected: there are no lines. Set RedirectStandardOutput or RedirectStandardError, or leave onLine away.", nameof(startInfo));
        }

        var cancelled = cancellationToken.IsCancellationRequested ? cancellationToken : forcefulToken;
        if (cancelled.IsCancellationRequested)
        {
            return Task.FromCanceled<ProcessExitStatus>(cancelled);
        }

        // The runner disposes it.
#pragma warning disable CA2000
        var process = Start(startInfo, options, parts, closesInput: true);
#pragma warning restore CA2000
        return new ProcessRunner(process, options?.ThrowOnFailure ?? false, onLine).RunAsync(cancellationToken, forcefulToken);
    }
}
