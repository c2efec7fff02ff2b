namespace SignalStreams.Testing;

/// <summary>What ended a process, or would have.</summary>
public enum TestProcessEndCause
{
    /// <summary>Nobody listened to the signal, and ending the process is what the system does with it.</summary>
    NobodyListened = 0,

    /// <summary>It was asked once too often (<see cref="SignalHub.MaxAttempts"/>).</summary>
    TooManyAttempts,

    /// <summary>The program called <see cref="SignalHub.ExitBySignal"/>.</summary>
    ExitBySignal,

    /// <summary>A signal ended what the program gave to <see cref="SignalHub.Run(Func{CancellationToken, Task})"/>.</summary>
    Run,
}
