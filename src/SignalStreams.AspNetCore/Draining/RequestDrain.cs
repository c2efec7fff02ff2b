using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace SignalStreams;

/// <summary>Counts the requests in flight, asks clients to come back elsewhere while the host drains, and names the requests that outlast its stop.</summary>
/// <remarks>The waiting itself is the server's: it stops accepting, and lets what is in flight finish within the shutdown timeout.</remarks>
#pragma warning disable CA1001 // Requests that were given up may end after the container was disposed of; the source has no timer and no wait handle.
internal sealed class RequestDrain : IDrainStatus, IDrainingFeature, IHostedLifecycleService
#pragma warning restore CA1001
{
    // Paths are the clients' to choose.
    private const int MostNames = 20;

    private readonly HostShutdown _shutdown;
    private readonly HostOptions _host;
    private readonly bool _closesConnections;
    private readonly CancellationTokenSource _expired = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _outlasted = [];
    private long _stopStart;
    private CancellationToken _limit;
    private TaskCompletionSource? _isEmpty;
    private int _count;

    public RequestDrain(HostShutdown shutdown, IOptions<HostOptions> host, IOptions<RequestDrainingOptions> options)
    {
        _shutdown = shutdown;
        _host = host.Value;
        _closesConnections = options.Value.CloseConnections;
    }

    /// <summary>How many requests are in flight.</summary>
    public int Count => Volatile.Read(ref _count);

    public string? Status => Count switch
    {
        <= 0 => null,
        1 => "1 request left",
        var count => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{count} requests left"),
    };

    public CancellationToken DrainingToken => _shutdown.DrainingToken;

    /// <summary>The middleware.</summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        Interlocked.Increment(ref _count);
        Task task;
        try
        {
            context.Features.Set<IDrainingFeature>(this);
            if (_closesConnections)
            {
                // A request that came before the signal is answered after it perhaps. The server keeps the list of callbacks from one request to the next.
                context.Response.OnStarting(CloseWhileDraining, context);
            }

            task = next(context);
        }
        catch
        {
            Left();
            throw;
        }

        if (!task.IsCompleted)
        {
            return WaitAsync(context, task);
        }

        Left();
        return task;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The host begins to stop its services, the server among them.</summary>
    /// <param name="cancellationToken">Cancelled when the shutdown timeout has passed, or at a second signal: the server gives up what is in flight.</param>
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _stopStart = _shutdown.Time.GetTimestamp();
            _limit = cancellationToken;
        }

        var entry = Count > 0 ? Track() : null;

        // Also for requests that come from now on, while the server still accepts.
        cancellationToken.UnsafeRegister(_ => Expire(entry), null);

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static Task CloseWhileDraining(object state)
    {
        var context = (HttpContext)state;
        if (context.Features.Get<IDrainingFeature>() is { DrainingToken.IsCancellationRequested: true } && context.Response.StatusCode != StatusCodes.Status101SwitchingProtocols
            && (HttpProtocol.IsHttp11(context.Request.Protocol) || HttpProtocol.IsHttp10(context.Request.Protocol)))
        {
            context.Response.Headers.Connection = "close";
        }

        return Task.CompletedTask;
    }

    private static string Describe(HttpContext context)
    {
        // By the server's own feature, which holds no cache that another thread would disturb. Without the query, which may hold secrets.
        var request = context.Features.Get<IHttpRequestFeature>();
        return request is null ? "a request" : $"{request.Method} {request.PathBase}{request.Path}";
    }

    // Only those that take their time get here. The source keeps its registrations for reuse, so that this allocates little more than the waiting itself.
    private async Task WaitAsync(HttpContext context, Task task)
    {
        var registration = _expired.Token.UnsafeRegister(static (state, _) => ((RequestDrain)((HttpContext)state!).Features.Get<IDrainingFeature>()!).Outlasted((HttpContext)state), context);
        try
        {
            await task.ConfigureAwait(false);
        }
        finally
        {
            if (registration.Unregister())
            {
                if (IsOver())
                {
                    // The server was quicker to abort it than we were to name it.
                    Outlasted(context);
                }
            }
            else
            {
                // It is being named, and the context is another request's as soon as we return.
                await registration.DisposeAsync().ConfigureAwait(false);
            }

            Left();
        }
    }

    private bool IsOver()
    {
        if (_shutdown.Phase < HostShutdownPhase.Stopping)
        {
            return false;
        }

        lock (_gate)
        {
            return _limit.IsCancellationRequested;
        }
    }

    private void Left()
    {
        if (Interlocked.Decrement(ref _count) == 0)
        {
            Volatile.Read(ref _isEmpty)?.TrySetResult();
        }
    }

    private void Outlasted(HttpContext context)
    {
        var name = Describe(context);
        lock (_gate)
        {
            if (!_outlasted.TryGetValue(name, out var count) && _outlasted.Count >= MostNames)
            {
                name = "other requests";
                count = _outlasted.GetValueOrDefault(name);
            }

            _outlasted[name] = count + 1;
            _shutdown.SetGivenUp(TimelineEntryKind.Child, name, count + 1, _stopStart);
        }
    }

    // A line for all of them that were in flight when the stop began.
    private TimelineRecorder.Entry Track()
    {
        var isEmpty = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // A full fence: the last request either sees this, or is seen to have left.
        Interlocked.Exchange(ref _isEmpty, isEmpty);
        if (Count == 0)
        {
            isEmpty.TrySetResult();
        }

        TimeSpan? limit = _host.ShutdownTimeout == Timeout.InfiniteTimeSpan ? null : _host.ShutdownTimeout;
        return _shutdown.Track(TimelineEntryKind.Child, "requests in flight", isEmpty.Task, limit);
    }

    private void Expire(TimelineRecorder.Entry? entry)
    {
        // Before they are let go, and end.
        if (entry is not null)
        {
            _shutdown.GiveUp(entry);
        }

        _expired.Cancel();
    }
}
