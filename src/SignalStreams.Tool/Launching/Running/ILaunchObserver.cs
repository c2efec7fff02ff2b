namespace SignalStreams.Tool;

/// <summary>Is told what happens in a launch: the logs, and whoever watches.</summary>
internal interface ILaunchObserver
{
    /// <summary>A task has written a line. The task waits until it is taken. Its place among all lines is that of the call, not of its completion.</summary>
    /// <param name="task">Which task.</param>
    /// <param name="line">The line.</param>
    /// <param name="isMoreComing">Whether the next one is there already: what is buffered need not be written out yet.</param>
    /// <param name="cancellationToken">Nobody waits for it any longer.</param>
    ValueTask LineAsync(LaunchTask task, OutputLine line, bool isMoreComing, CancellationToken cancellationToken);

    /// <summary>Something that a person should know. Never waits.</summary>
    void Message(string text, bool isProblem = false);

    /// <summary>Some task is doing something else now. Never waits.</summary>
    void Changed();
}
