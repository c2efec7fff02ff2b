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

    /// <summary>The <see cref="ShutdownManager"/> had done its work, and the main function had not returned by then.</summary>
    Shutdown,

    /// <summary>A time limit of the <see cref="ShutdownManager"/> passed, and something held the end even then.</summary>
    LimitPassed,

    /// <summary>The main function returned: <see cref="TestSignalHub.ReturnFromMain"/>.</summary>
    MainReturned,

    /// <summary>Nobody caught an exception: <see cref="TestSignalHub.ThrowUnhandled"/>.</summary>
    UnhandledException,
}
