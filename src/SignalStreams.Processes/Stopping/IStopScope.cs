namespace SignalStreams;

/// <summary>Who belongs to what is being stopped, looked up anew at each look, and how to reach them.</summary>
/// <remarks>One for each kind of target, and one for a supervised process, which has a kernel's or a keeper's word for who belongs to it.</remarks>
internal interface IStopScope : IDisposable
{
    /// <summary>For messages: "process 12 (bash)".</summary>
    string Description { get; }

    /// <summary>What makes two stops the same stop, so that the second escalates the first.</summary>
    object Key { get; }

    /// <summary>Completes when nobody is left.</summary>
    Task Gone { get; }

    /// <summary>Who is alive now, descendants first. Whoever was born since the last look is among them.</summary>
    IReadOnlyList<ProcessIdentity> Look();

    /// <summary>Sends a signal to one that <see cref="Look"/> has given, and to no other that has its id now.</summary>
    SendResult Send(ProcessIdentity process, ShutdownSignal signal);

    /// <summary>Sends a signal to all at once, where the system can, and everybody may be signalled.</summary>
    /// <returns>Those who have it, descendants first; null where nothing was sent, and they have to be signalled one by one.</returns>
    IReadOnlyList<ProcessIdentity>? TrySendAll(ShutdownSignal signal) => null;

    /// <summary>Whether a process is stopped (SIGSTOP, SIGTSTP) and has to be continued before it can answer.</summary>
    bool IsStopped(ProcessIdentity process) => ProcessPlatform.Current.IsStopped(process);

    /// <summary>Whether others can be born into it while it is being stopped: if so they are frozen first when they are killed one by one.</summary>
    bool CanGrow => true;

    /// <summary>Whether all are to be frozen while a signal is sent that they can answer: where one that is started in the last moment of its parent would
    /// be an orphan that no look finds. It speaks of the last <see cref="Look"/>.</summary>
    bool NeedsFreeze => false;

    /// <summary>Stops (SIGSTOP) whoever is alive as fast as it can. The next <see cref="Look"/> says who they are.</summary>
    /// <param name="frozen">Gets those whom it has stopped, also when it throws.</param>
    /// <returns>Whether all who can be stopped had been stopped already.</returns>
    bool Sweep(HashSet<ProcessIdentity> frozen) => true;

    /// <summary>Kills all at once, where the system can (cgroup.kill, a job, the keeper).</summary>
    /// <returns>False where they have to be killed one by one.</returns>
    bool TryKillAll();

    /// <summary>How the process itself ended; null where that is not known.</summary>
    ProcessExitStatus? ExitStatus { get; }

    /// <summary>Waits for a while, once nobody is left, until <see cref="ExitStatus"/> is known: whoever reaps the process may not have done so yet.</summary>
    Task WaitForExitStatusAsync() => Task.CompletedTask;
}
