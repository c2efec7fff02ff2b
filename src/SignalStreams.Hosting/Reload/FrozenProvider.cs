using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace SignalStreams;

/// <summary>A provider as a part of a trial configuration: its values as they are, without being loaded again.</summary>
internal sealed class FrozenProvider(IConfigurationProvider provider) : IConfigurationProvider
{
    private readonly CancellationChangeToken _never = new(CancellationToken.None);

    public bool TryGet(string key, out string? value) => provider.TryGet(key, out value);

    public void Set(string key, string? value) => throw new NotSupportedException("The configuration is on trial: it cannot be changed.");

    public IChangeToken GetReloadToken() => _never;

    public void Load()
    {
    }

    public IEnumerable<string> GetChildKeys(IEnumerable<string> earlierKeys, string? parentPath) => provider.GetChildKeys(earlierKeys, parentPath);
}
