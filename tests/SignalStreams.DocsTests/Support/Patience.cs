namespace SignalStreams.DocsTests.Support;

/// <summary>Waits that end in a failure instead of never.</summary>
internal static class Patience
{
    // Generous: it is only ever used up by a failure.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static Task WithLimit(this Task task) => task.WaitAsync(Limit, TestContext.Current.CancellationToken);

    public static Task<T> WithLimit<T>(this Task<T> task) => task.WaitAsync(Limit, TestContext.Current.CancellationToken);
}
