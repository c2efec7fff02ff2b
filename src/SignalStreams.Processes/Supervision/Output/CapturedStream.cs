namespace SignalStreams;

/// <summary>Standard output or standard error over all runs: how it is read, and who reads it now. Guarded by its <see cref="OutputCapture"/>.</summary>
internal sealed class CapturedStream(bool isError, bool isRedirected)
{
    public bool IsError { get; } = isError;

    public StreamUse Use { get; set; } = isRedirected ? StreamUse.Undecided : StreamUse.Inherited;

    /// <summary>Ends when the pumps of all runs so far have: the lines of one run come before those of the next.</summary>
    public Task Pumping { get; set; } = Task.CompletedTask;

    public string PropertyName => IsError ? nameof(SupervisedProcess.StandardError) : nameof(SupervisedProcess.StandardOutput);

    public string RedirectName => IsError ? "RedirectStandardError" : "RedirectStandardOutput";

    public Stream Of(IStartedChild child) => (IsError ? child.Error : child.Output)
        ?? throw new InvalidOperationException($"The platform has given no pipe for {PropertyName}, though it was asked for one.");
}
