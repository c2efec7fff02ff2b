namespace SignalStreams;

/// <summary>A child that has been started, and what it starts in its turn.</summary>
/// <remarks>Disposing it kills whatever is left of it and gives back its handles.</remarks>
internal interface IStartedChild : IAsyncDisposable
{
    /// <summary>The child itself, not what guards it.</summary>
    ProcessIdentity Identity { get; }

    /// <summary>What holds its descendants together.</summary>
    ProcessContainment Containment { get; }

    /// <summary>Completes when the child itself has ended; descendants may live on.</summary>
    Task<ProcessExitStatus> Exit { get; }

    /// <summary>Completes when no descendant is left either, as far as <see cref="Containment"/> can tell.</summary>
    Task Gone { get; }

    /// <summary>The end of its standard input that is ours; null when it is inherited.</summary>
    Stream? Input { get; }

    /// <summary>The end of its standard output that is ours; null when it is inherited.</summary>
    Stream? Output { get; }

    /// <summary>The end of its standard error that is ours; null when it is inherited.</summary>
    Stream? Error { get; }

    /// <summary>Sends a signal to the child alone.</summary>
    SendResult Send(ShutdownSignal signal, int? value);

    /// <summary>Sends a signal to its whole process group.</summary>
    SendResult SendToGroup(ShutdownSignal signal);

    /// <summary>What a stop of the child and its descendants works on.</summary>
    IStopScope OpenStopScope();

    /// <summary>Kills the child and all its descendants.</summary>
    void KillAll();
}
