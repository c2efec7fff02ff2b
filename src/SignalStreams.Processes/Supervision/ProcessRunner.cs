namespace SignalStreams;

/// <summary>Runs a started process to its end under two tokens; there is one way out.</summary>
internal sealed class ProcessRunner(SupervisedProcess process, bool throwsOnFailure, Action<OutputLine>? onLine)
{
    private readonly CancelledFirst _cancelled = new();
    private Task _stop = Task.CompletedTask;

    public async Task<ProcessExitStatus> RunAsync(CancellationToken gracefulToken, CancellationToken forcefulToken)
    {
        try
        {
            return await RunToEndAsync(gracefulToken, forcefulToken).ResultOnLibrary();
        }
        finally
        {
            await process.DisposeAsync().AsTask().ResultOnLibrary();
        }
    }

    private async Task<ProcessExitStatus> RunToEndAsync(CancellationToken gracefulToken, CancellationToken forcefulToken)
    {
        var reading = onLine is null ? Task.CompletedTask : Task.Run(ReadAsync, CancellationToken.None);
        ProcessExitStatus status;

        // Not disposed of asynchronously: that waits for a callback on the pool.
        using (gracefulToken.UnsafeRegister(_ => _stop = StopAsync(gracefulToken), null))
        using (forcefulToken.UnsafeRegister(_ => Kill(gracefulToken, forcefulToken), null))
        {
            status = await process.Completion.ResultOnLibrary();
        }

        await _stop.ResultOnLibrary();
        await reading.ResultOnLibrary();
        if (process.WasStopped && _cancelled.Token is { } token)
        {
            throw new OperationCanceledException($"'{process.Name}' was stopped, and has ended: {status}.", token);
        }

        if (throwsOnFailure)
        {
            status.ThrowIfFailed(process.Name);
        }

        return status;
    }

    private async Task StopAsync(CancellationToken token)
    {
        _cancelled.Set(token);
        try
        {
            await process.StopAsync(plan: null, progress: null, CancellationToken.None).ResultOnLibrary();
        }
#pragma warning disable CA1031 // However the stop failed, the process is to end: the caller waits for that.
        catch
#pragma warning restore CA1031
        {
            process.Kill();
        }
    }

    private void Kill(CancellationToken gracefulToken, CancellationToken forcefulToken)
    {
        // After CancelAsync its callback may be still to come.
        _cancelled.Set(gracefulToken.IsCancellationRequested ? gracefulToken : forcefulToken);
        process.Kill();
    }

    private async Task ReadAsync()
    {
        try
        {
            await foreach (var line in process.ReadLinesAsync(CancellationToken.None).ConfigureAwait(false))
            {
                onLine!(line);
            }
        }
        catch
        {
            // The caller's own error: it comes out once the process is gone.
            await process.StopAsync(plan: null, progress: null, CancellationToken.None).OnLibrary();
            process.Kill();
            throw;
        }
    }
}
