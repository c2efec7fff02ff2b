using System.Diagnostics.CodeAnalysis;

namespace SignalStreams;

/// <summary>The one place that ends the process; a test puts its own in its stead.</summary>
internal interface IProcessExit
{
    /// <summary>Ends the process now, by the signal, on the calling thread, whatever the other threads do. No clean-up runs but the terminal's.</summary>
    void EndNow(ShutdownSignal signal);

    /// <summary>Ends the process in order (<see cref="AppDomain.ProcessExit"/> runs), and by the signal, so that a parent sees it.</summary>
    [DoesNotReturn]
    void Exit(ShutdownSignal signal);

    /// <summary>Arranges that the process, when its main function returns the code given back here or none, ends by the signal.</summary>
    /// <returns>The exit code for the main function to return.</returns>
    int ExitWhenMainReturns(ShutdownSignal signal);
}
