namespace SignalStreams.Tool;

/// <summary>Shows a launch to whoever watches.</summary>
internal interface ILaunchDisplay : ILaunchObserver, IAsyncDisposable
{
    /// <summary>Begins to show it.</summary>
    /// <param name="runner">The launch.</param>
    /// <param name="onClosed">Is called once when nobody can see it any more: the terminal is closed, or the reader of a pipe gone.</param>
    void Start(LaunchRunner runner, Action<string> onClosed);
}
