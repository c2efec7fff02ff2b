using Microsoft.Extensions.Hosting;

namespace SignalStreams;

/// <summary>Background work that is first asked to come to an end, and cancelled only when its grace period is over.</summary>
/// <remarks>Register it by <c>AddHostedService</c>. It has its place in the <see cref="HostShutdown.Timeline"/>, under its <see cref="Name"/>.</remarks>
public abstract class GracefulBackgroundService : BackgroundService
{
    /// <summary>What the timeline and the log call it.</summary>
    /// <value>Default the name of the class.</value>
    public virtual string Name => GetType().Name;

    /// <summary>How long the work may go on after it was asked to stop.</summary>
    /// <value>Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/> for as long as the host waits (<c>HostOptions.ShutdownTimeout</c>), which is the default.</value>
    public virtual TimeSpan GracePeriod => Timeout.InfiniteTimeSpan;

    /// <summary>The work.</summary>
    /// <param name="stopToken">Cancelled when the host stops, or drains: begin nothing new.</param>
    /// <param name="graceToken">Cancelled when the grace period is over, or a second signal asks for haste: drop what you are doing.</param>
    protected abstract Task ExecuteAsync(CancellationToken stopToken, CancellationToken graceToken);

    /// <inheritdoc/>
    protected sealed override Task ExecuteAsync(CancellationToken stoppingToken) => throw new NotSupportedException();
}
