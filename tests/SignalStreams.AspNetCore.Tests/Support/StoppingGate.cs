using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SignalStreams.AspNetCore.Tests;

/// <summary>Holds the stop of a host after all others have been told that it begins, and before any service is stopped.</summary>
internal sealed class StoppingGate : IHostedLifecycleService
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Reached => _reached.Task;

    // The first one: services are told in the reverse order.
    public void Add(IServiceCollection services) => services.Insert(0, ServiceDescriptor.Singleton<IHostedService>(this));

    public void Open() => _open.TrySetResult();

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        _reached.TrySetResult();
        return _open.Task.WithLimit();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
