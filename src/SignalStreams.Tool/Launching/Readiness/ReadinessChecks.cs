using System.Net.Sockets;

namespace SignalStreams.Tool;

/// <summary>Looks at the real world.</summary>
internal sealed class ReadinessChecks(TimeProvider time) : IReadinessChecks
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async Task<bool> CanConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(host, port, either.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception bad) when (bad is SocketException || (bad is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    public bool FileExists(string path) => Path.Exists(path);

    public async Task<bool> SucceedsAsync(ReadyCondition.Command command, LaunchTask task, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var process = SupervisedProcess.Start(
                SupervisedStarter.StartInfo(command.FileName, command.Arguments, task), new SupervisedProcessOptions { Name = $"the ready check of {task.Name}", TimeProvider = time });
            await using var running = process.ConfigureAwait(false);
            await process.StandardInput.DisposeAsync().ConfigureAwait(false);
            var output = process.StandardOutput.CopyToAsync(Stream.Null, either.Token);
            var error = process.StandardError.CopyToAsync(Stream.Null, either.Token);
            var status = await process.Completion.WaitAsync(either.Token).ConfigureAwait(false);
            await Task.WhenAll(output, error).WaitAsync(either.Token).ConfigureAwait(false);
            return status.IsSuccess;
        }
        catch (Exception bad) when (bad is ProcessStartException or IOException || (bad is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }
}
