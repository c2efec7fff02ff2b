using Microsoft.Extensions.Hosting;

namespace SignalStreams;

/// <summary>Stops the host at a signal.</summary>
internal sealed class SignalHostLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task StopAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
}
