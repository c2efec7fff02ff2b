namespace SignalStreams.DocsTests.Support;

/// <summary>In the place of the class of this name: an end of the process that a test brings about.</summary>
public sealed class SnippetAppDomain
{
    public event EventHandler? ProcessExit;

    public SnippetAppDomain CurrentDomain => this;

    public void Exit() => ProcessExit?.Invoke(this, EventArgs.Empty);
}
