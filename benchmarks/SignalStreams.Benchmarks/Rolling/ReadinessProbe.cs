namespace SignalStreams.Benchmarks.Rolling;

/// <summary>The health check of the load balancer: what is not ready gets no more requests.</summary>
/// <remarks>nginx has none of its own in the open version. A file that its configuration asks for at each request takes an instance out, without a reload.</remarks>
internal sealed class ReadinessProbe(Uri instance, string fileOfUnready) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    // A connection for each question: what is asked is whether it can be reached.
    private readonly HttpClient _client = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero }) { Timeout = TimeSpan.FromSeconds(2) };
    private readonly CancellationTokenSource _end = new();

    /// <summary>Whether it gets requests.</summary>
    public bool IsReady { get; private set; }

    public async Task RunAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            var isReady = await AskAsync();
            if (isReady)
            {
                File.Delete(fileOfUnready);
            }
            else if (IsReady)
            {
                await File.WriteAllTextAsync(fileOfUnready, "");
            }

            IsReady = isReady;
            await Task.Delay(Interval, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public async Task WaitAsync(Func<bool> isGivenUp)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!IsReady)
        {
            if (isGivenUp() || TimeProvider.System.GetElapsedTime(start) > TimeSpan.FromSeconds(60))
            {
                throw new InvalidOperationException($"{instance} has not become ready.");
            }

            await Task.Delay(Interval);
        }
    }

    public void Stop() => _end.Cancel();

    public void Dispose()
    {
        _end.Dispose();
        _client.Dispose();
    }

    private async Task<bool> AskAsync()
    {
        try
        {
            using var answer = await _client.GetAsync(new Uri(instance, "/readyz"), _end.Token);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}
