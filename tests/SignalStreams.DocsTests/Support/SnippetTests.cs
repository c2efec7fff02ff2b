namespace SignalStreams.DocsTests.Support;

/// <summary>A class of snippets. Where they name something of the process that a test must not touch, they get a stand-in of the same shape.</summary>
public abstract class SnippetTests : IDisposable
{
    protected SnippetConsole Console { get; } = new();

    protected SnippetPosixSignals PosixSignalRegistration { get; } = new();

    protected SnippetAppDomain AppDomain { get; } = new();

    protected static CancellationToken TestToken => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        Console.Dispose();
        GC.SuppressFinalize(this);
    }
}
