using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace SignalStreams;

/// <summary>Reloads the configuration at a signal: one reload at a time, and another one after it if it was asked for meanwhile.</summary>
internal sealed class ConfigurationReloader(IConfigurationRoot root, SignalStreamsOptions options, IServiceProvider services, IReadOnlyList<IReloadObserver> observers, TimeProvider time, ILogger logger)
{
    private readonly Lock _gate = new();
    private SignalCancelReason? _next;
    private int _waiting;
    private bool _isRunning;

    /// <summary>Asks for a reload that begins after this call. Returns at once.</summary>
    public void Request(SignalCancelReason reason)
    {
        lock (_gate)
        {
            // The last one counts: a reload that has not begun sees whatever this one would see.
            _next = reason;
            _waiting++;
            if (_isRunning)
            {
                return;
            }

            _isRunning = true;
        }

        // Not on the delivery thread, nor on one of the pool: it reads files, and calls whoever watches options.
        DetachedThread.Start("reload", Run);
    }

    private void Run()
    {
        while (true)
        {
            SignalCancelReason reason;
            lock (_gate)
            {
                if (_next is null)
                {
                    _isRunning = false;
                    return;
                }

                reason = _next;
                _next = null;
                _waiting = 0;
            }

            foreach (var observer in observers)
            {
                observer.Reloading();
            }

            var signal = reason.ToString();
            string? problem;
            using (var watch = new ReloadWatch(signal, () => Volatile.Read(ref _waiting), time, logger))
            {
                problem = Reload(signal, watch);
            }

            foreach (var observer in observers)
            {
                observer.Reloaded(problem);
            }
        }
    }

    /// <returns>Why the old values stay; null if they do not.</returns>
    private string? Reload(string signal, ReloadWatch watch)
    {
        try
        {
            var reload = new ConfigurationReload(root);
            List<string> objections = [];
            if (reload.Try(objections) is { } candidate)
            {
                using var disposing = candidate as IDisposable;
                watch.Step = "a check (ValidateReload)";
                Check(candidate, objections);
                if (objections.Count == 0)
                {
                    watch.Step = "somebody who watches the configuration (IOptionsMonitor.OnChange, a change token)";
                    reload.Commit();
                    logger.Reloaded(signal);
                    return null;
                }
            }

            var problem = string.Join("; ", objections);
            logger.NotReloaded(signal, problem);
            return problem;
        }
#pragma warning disable CA1031 // There is no caller to throw at: a provider that cannot be loaded, a callback of the change token that throws.
        catch (Exception e)
#pragma warning restore CA1031
        {
            logger.ReloadFailed(signal, e);
            return e.Message;
        }
    }

    private void Check(IConfiguration candidate, List<string> objections)
    {
        foreach (var check in options.ReloadChecks)
        {
            try
            {
                objections.AddRange(check(services, candidate));
            }
#pragma warning disable CA1031 // What a check throws is an objection.
            catch (Exception e)
#pragma warning restore CA1031
            {
                objections.Add(e.Message.ReplaceLineEndings(" "));
            }
        }
    }
}
