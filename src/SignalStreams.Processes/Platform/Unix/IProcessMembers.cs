namespace SignalStreams;

/// <summary>Who belongs to a target.</summary>
/// <remarks>Remembers what it has seen; one thread at a time.</remarks>
internal interface IProcessMembers
{
    /// <summary>Those who live now, descendants first.</summary>
    List<ProcessIdentity> Find();

    /// <summary>Kills all at once, where one call can do so and hits nobody else.</summary>
    bool TryKillAll() => false;
}
