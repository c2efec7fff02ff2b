namespace SignalStreams;

/// <summary>Who is called when a descriptor can be read.</summary>
internal interface IWatchedDescriptor
{
    /// <summary>Called on the watcher's thread: no user code, no waiting. Called again for as long as there is something to read and the watch is not ended.</summary>
    void OnReadable();
}
