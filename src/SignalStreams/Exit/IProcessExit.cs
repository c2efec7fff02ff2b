using System.Diagnostics.CodeAnalysis;

namespace SignalStreams;

/// <summary>The one place that ends the process, and that knows when it ends by itself; a test puts its own in its stead.</summary>
internal interface IProcessExit
{
    /// <summary>The process is on its way out in order: its main function has returned, or somebody called <c>Environment.Exit</c>. It waits for the callback.</summary>
    event Action? Exiting;

    /// <summary>Nobody caught an exception. The runtime aborts the process when the callback returns false; with true the thread stays where it is.</summary>
    event Func<Exception, bool>? Crashing;

    /// <summary>The exit code of an end in order, as it stands.</summary>
    int ExitCode { get; set; }

    /// <summary>Whether an exit code of 0, while the process is on its way out, is one that the program chose: its main function returns a code.</summary>
    bool IsZeroChosen { get; }

    /// <summary>Ends the process now, on the calling thread, whatever the other threads do. No clean-up runs but the terminal's.</summary>
    /// <param name="status">What the parent is to see.</param>
    /// <param name="isOverdue">Whether that is because a limit has passed.</param>
    void EndNow(EndStatus status, bool isOverdue = false);

    /// <summary>Ends the process now by a signal.</summary>
    void EndNow(ShutdownSignal signal) => EndNow(EndStatus.By(signal));

    /// <summary>Calls back as the last thing before the process ends, whichever way, unless it is aborted: with what the parent is to see.</summary>
    void AtEnd(Action<EndStatus> last)
    {
    }

    /// <summary>Lets the runtime abort the process for an exception that nobody caught: it is about to. Returns in a test only.</summary>
    void WaitForAbort();

    /// <summary>Ends the process in order (<see cref="AppDomain.ProcessExit"/> runs), and by the signal, so that a parent sees it.</summary>
    [DoesNotReturn]
    void Exit(ShutdownSignal signal);

    /// <summary>Ends the process in order, with the status that was arranged or the exit code that the program chose. Returns in a test only.</summary>
    void EndInOrder();

    /// <summary>Makes sure that what is arranged later will be seen, also when the process is on its way out by then.</summary>
    void Prepare();

    /// <summary>Arranges what the parent sees when the process ends in order, and nobody has chosen another exit code by then.</summary>
    void Arrange(EndStatus status);

    /// <summary>Arranges what the parent sees when the process ends in order with the code given back here: its main function returns that or none.</summary>
    /// <returns>The exit code for the main function to return.</returns>
    int ExitWhenMainReturns(EndStatus status);
}
