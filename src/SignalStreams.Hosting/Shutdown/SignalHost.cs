using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SignalStreams;

/// <summary>The framework's host, and what its lifetime cannot do: a start that a signal ended is no failure, a second signal cuts the stop short, and the end is that of its disposal.</summary>
internal sealed class SignalHost : IHost, IAsyncDisposable
{
    private readonly IHost _host;
    private readonly SignalHostLifetime _lifetime;
    private SystemdService? _systemd;
    private int _isDisposing;

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
            _systemd = Services.GetService<SystemdService>();
            await _host.StartAsync(cancellationToken).ConfigureAwait(false);
            _lifetime.AllStarted();
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
        if (!BeginDisposal())
        {
            return;
        }

        try
        {
            _host.Dispose();
        }
        finally
        {
            Disposed();
        }
    }

    public ValueTask DisposeAsync()
    {
        if (!BeginDisposal())
        {
            return default;
        }

        return new ValueTask(TaskEnd.Then(DisposeHostAsync, disposal =>
        {
            Disposed();
            return disposal;
        }));
    }

    private Task DisposeHostAsync()
    {
        if (_host is IAsyncDisposable disposable)
        {
            return disposable.DisposeAsync().AsTask();
        }

        _host.Dispose();
        return Task.CompletedTask;
    }

    // The container that the framework's host disposes of has made this one, and disposes of it in its turn, in the midst of the others: that is not the end.
    private bool BeginDisposal()
    {
        if (Interlocked.Exchange(ref _isDisposing, 1) != 0)
        {
            return false;
        }

        _lifetime.Disposing();
        _systemd?.HostDisposing();
        return true;
    }

    private void Disposed()
    {
        _lifetime.Disposed();
        _systemd?.Close();
    }
}
