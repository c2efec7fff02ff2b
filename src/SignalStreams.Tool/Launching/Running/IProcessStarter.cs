namespace SignalStreams.Tool;

/// <summary>Starts the processes of a launch.</summary>
internal interface IProcessStarter
{
    /// <exception cref="ProcessStartException">It could not be started.</exception>
    ILaunchedProcess Start(LaunchTask task);
}
