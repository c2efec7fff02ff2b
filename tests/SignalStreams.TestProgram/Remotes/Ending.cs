namespace SignalStreams.TestProgram.Remotes;

/// <summary>Runs an action when it is disposed.</summary>
internal sealed class Ending(Action end) : IDisposable
{
    public void Dispose() => end();
}
