namespace SignalStreams;

/// <summary>Somebody who waits for a descriptor to be readable.</summary>
internal interface IWatchedDescriptor
{
    /// <summary>It can be read now. Called on the thread of the <see cref="DescriptorWatcher"/>, which all wait for: briefly, and without throwing.</summary>
    /// <returns>False when it is to be watched no longer.</returns>
    bool OnReadable();
}
