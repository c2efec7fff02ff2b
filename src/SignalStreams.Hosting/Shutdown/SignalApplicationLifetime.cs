using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;

namespace SignalStreams;

/// <summary>The framework's own, by which the host's shutdown knows of a stop that the program begins before the program's callbacks at ApplicationStopping do.</summary>
/// <remarks>Callbacks of a token run in the reverse order, so whoever registers last comes first: no registration of ours would do. The framework's host takes nothing but its own
/// class, and calls it by that: what stops the host from within, such as a background service that fails, comes by the token.</remarks>
[SuppressMessage("Performance", "CA1812", Justification = "The container makes it.")]
internal sealed class SignalApplicationLifetime(ILogger<ApplicationLifetime> logger) : ApplicationLifetime(logger), IHostApplicationLifetime
{
    /// <summary>The host's, once it was made: the container could not give it here where the program's options need this lifetime.</summary>
    public HostShutdown? Shutdown { get; set; }

    void IHostApplicationLifetime.StopApplication()
    {
        Shutdown?.BeginWithoutDrain();
        StopApplication();
    }
}
