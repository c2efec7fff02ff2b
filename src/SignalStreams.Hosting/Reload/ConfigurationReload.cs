using Microsoft.Extensions.Configuration;

namespace SignalStreams;

/// <summary>One reload of a configuration: on trial first, then for good.</summary>
/// <remarks>Files are read once, parsed on trial, and, if nobody objects, loaded as they were read. Other providers take part in the trial with the values that they have.</remarks>
internal sealed class ConfigurationReload
{
    private readonly IConfigurationRoot _root;
    private readonly List<FileSnapshot> _files = [];

    public ConfigurationReload(IConfigurationRoot root) => _root = root;

    /// <summary>Builds the configuration that would come of a reload.</summary>
    /// <param name="objections">What is wrong with its files.</param>
    /// <returns>Null if something is.</returns>
    public IConfigurationRoot? Try(List<string> objections)
    {
        List<IConfigurationProvider> providers = [];
        foreach (var provider in _root.Providers)
        {
            providers.Add(new FrozenProvider(provider is FileConfigurationProvider { Source: var source } && FileSnapshot.Exists(source)
                ? Parse(source, provider, objections)
                : provider));
        }

        return objections.Count == 0 ? new ConfigurationRoot(providers) : null;
    }

    /// <summary>Loads what was tried.</summary>
    public void Commit()
    {
        foreach (var file in _files)
        {
            file.Use();
        }

        try
        {
            if (_root.Providers.Any(IsOnce))
            {
                // Each of the others tells its watchers by itself.
                foreach (var provider in _root.Providers.Where(provider => !IsOnce(provider)))
                {
                    provider.Load();
                }
            }
            else
            {
                _root.Reload();
            }
        }
        finally
        {
            foreach (var file in _files)
            {
                file.Forget();
            }
        }
    }

    // A stream can be read but once, and such a provider throws the second time.
    private static bool IsOnce(IConfigurationProvider provider) => provider is StreamConfigurationProvider;

    private IConfigurationProvider Parse(FileConfigurationSource source, IConfigurationProvider old, List<string> objections)
    {
        try
        {
            var file = new FileSnapshot(source);
            var parsed = file.Parse();
            _files.Add(file);
            return parsed;
        }
#pragma warning disable CA1031 // Whatever a parser throws is an objection.
        catch (Exception e)
#pragma warning restore CA1031
        {
            objections.Add($"{source.Path}: {Message(e)}");
            return old;
        }
    }

    // A parser says what is wrong, and in which line, in the exception inside.
    private static string Message(Exception exception) => exception.InnerException is { } inner ? Message(inner) : exception.Message.ReplaceLineEndings(" ");
}
