using System.Net.Sockets;

namespace SignalStreams.Tool;

/// <summary>Looks again and again until a child is ready.</summary>
internal static class ReadinessCheck
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <returns>False when it was not ready in time.</returns>
    public static async Task<bool> WaitAsync(Readiness readiness, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(readiness.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            while (!await IsReadyAsync(readiness, either.Token).ConfigureAwait(false))
            {
                await Task.Delay(Pause, time, either.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }

        Tell(readiness.Descriptor);
        return true;
    }

    private static async Task<bool> IsReadyAsync(Readiness readiness, CancellationToken cancellationToken)
    {
        if (readiness.File is { } file && !Path.Exists(file))
        {
            return false;
        }

        if (readiness.Host is not { } host)
        {
            return true;
        }

        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(host, readiness.Port, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // As s6 and others do it: one line feed.
    private static void Tell(int? descriptor)
    {
        if (descriptor is not { } known)
        {
            return;
        }

        try
        {
            using var stream = new DescriptorStream(known);
            stream.Write("\n"u8);
        }
        catch (IOException e)
        {
            Output.Problem($"--ready-fd {known}: {e.Message}");
        }
    }
}
