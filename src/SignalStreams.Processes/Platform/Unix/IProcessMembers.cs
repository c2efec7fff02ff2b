namespace SignalStreams;

/// <summary>Who belongs to a target.</summary>
/// <remarks>Remembers what it has seen; one thread at a time.</remarks>
internal interface IProcessMembers
{
    /// <summary>Those who live now, descendants first.</summary>
    List<ProcessIdentity> Find();

    /// <summary>Whether one that is started in the last moment of its parent would be lost, so that all have to be frozen while a signal is sent. It
    /// speaks of the last <see cref="Find"/>.</summary>
    bool NeedsFreeze => false;

    /// <summary>Stops (SIGSTOP) those who live, each as soon as it has been found.</summary>
    /// <remarks>Nothing where <see cref="TryKillAll"/> reaches all.</remarks>
    /// <param name="stop">Stops one, and nobody who has its id later; says whether it was sent.</param>
    /// <returns>Whether all who can be stopped had been stopped already.</returns>
    bool Sweep(Func<ProcessIdentity, bool> stop) => true;

    /// <summary>Sends a signal to all at once, where one call can do so and hits nobody else.</summary>
    /// <param name="signal">Its number.</param>
    /// <param name="canSend">Whether one that has been found lives and may be signalled.</param>
    /// <returns>Those who have it, descendants first; null where nothing was sent: there is no such call, or not all may be signalled, which is told of
    /// each.</returns>
    List<ProcessIdentity>? TrySendAll(int signal, Func<ProcessIdentity, SendOutcome> canSend) => null;

    /// <summary>Kills all at once, where one call can do so and hits nobody else.</summary>
    bool TryKillAll() => false;
}
