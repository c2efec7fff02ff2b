using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace SignalStreams;

/// <content>The reload at a hang-up.</content>
internal sealed partial class SignalHostLifetime
{
    private readonly Lock _reloadGate = new();
    private ConfigurationReloader? _reloader;

    /// <summary>Made at the first hang-up: most hosts see none.</summary>
    private ConfigurationReloader? Reloader()
    {
        lock (_reloadGate)
        {
            if (_reloader is null)
            {
                try
                {
                    if (_services.GetService<IConfiguration>() is not IConfigurationRoot root)
                    {
                        _ownLogger.NothingToReload();
                        return null;
                    }

                    _reloader = new ConfigurationReloader(root, _options, _services, [.. _services.GetServices<IReloadObserver>()], _shutdown.Time, _ownLogger);
                }
                catch (ObjectDisposedException)
                {
                    // The host is gone.
                    return null;
                }
            }

            return _reloader;
        }
    }
}
