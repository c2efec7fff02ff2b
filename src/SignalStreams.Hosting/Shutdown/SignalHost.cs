using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SignalStreams;

/// <summary>The framework's host, and what its lifetime cannot do: a start that a signal ended is no failure, and a second signal cuts the stop short.</summary>
internal sealed class SignalHost : IHost, IAsyncDisposable
{
    private readonly IHost _host;
    private readonly SignalHostLifetime _lifetime;

    public SignalHost(IHost host, SignalHostLifetime lifetime)
    {
        _host = host;
        _lifetime = lifetime;
        lifetime.Bind(host);
    }

    public IServiceProvider Services => _host.Services;

    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        _lifetime.WarnUnlessUsed(Services.GetService<IHostLifetime>());
        try
        {
            await _host.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_lifetime.WasAsked && !cancellationToken.IsCancellationRequested)
        {
            // The host has begun no further service, and whoever has started it stops it now. There is nothing that the program would have to know beside
            // ApplicationStopping: an exception here would make a crash of an orderly end.
        }
        catch
        {
            _lifetime.Release();
            throw;
        }
    }

    public Task StopAsync(CancellationToken cancellationToken = default) => _lifetime.StopHostAsync(cancellationToken);

    public void Dispose()
    {
        _lifetime.Disposing();
        _host.Dispose();
        _lifetime.Disposed();
    }

    public async ValueTask DisposeAsync()
    {
        _lifetime.Disposing();
        if (_host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync().ConfigureAwait(false);
        }
        else
        {
            _host.Dispose();
        }

        _lifetime.Disposed();
    }
}
