using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;

namespace SignalStreams;

/// <summary>A file of the configuration, read once for a reload: parsed on trial first, and then loaded for good.</summary>
internal sealed class FileSnapshot
{
    private readonly FileConfigurationSource _source;
    private readonly IFileProvider _files;
    private readonly SnapshotFileProvider _snapshot;

    public FileSnapshot(FileConfigurationSource source)
    {
        _source = source;
        _files = source.FileProvider!;
        _snapshot = new SnapshotFileProvider(_files, source.Path!);
    }

    /// <summary>Whether a source has a file to read.</summary>
    public static bool Exists(FileConfigurationSource source) => source is { FileProvider: not null, Path: not null };

    /// <summary>Parses the file into a provider that nobody else has.</summary>
    /// <exception cref="Exception">Whatever the parser throws, or that a file which is needed is gone.</exception>
    public IConfigurationProvider Parse()
    {
        var reloads = _source.ReloadOnChange;
        var complain = _source.OnLoadException;
        FileConfigurationProvider? provider = null;
        List<Exception> failures = [];
        _source.ReloadOnChange = false;
        _source.FileProvider = _snapshot;
        _source.OnLoadException = context =>
        {
            if (provider is null || context.Provider == provider)
            {
                // An error is one, even if the program would rather not hear of it.
                failures.Add(context.Exception);
                context.Ignore = true;
            }
            else
            {
                complain?.Invoke(context);
            }
        };
        try
        {
            // The builder is asked for defaults that the source has by now.
            var built = _source.Build(new ConfigurationBuilder());
            provider = built as FileConfigurationProvider;
            built.Load();
            return failures is [var failure, ..] ? throw failure : built;
        }
        finally
        {
            _source.OnLoadException = complain;
            _source.FileProvider = _files;
            _source.ReloadOnChange = reloads;
        }
    }

    /// <summary>From here on a load reads what was parsed.</summary>
    public void Use() => _source.FileProvider = _snapshot;

    /// <summary>From here on a load reads the file again.</summary>
    public void Forget() => _source.FileProvider = _files;
}
