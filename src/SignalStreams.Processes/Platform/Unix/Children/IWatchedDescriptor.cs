namespace SignalStreams;

/// <summary>Who is called when a descriptor can be read.</summary>
internal interface IWatchedDescriptor
{
    /// <summary>Called on the watcher's thread: no user code, no waiting.</summary>
    /// <returns>Whether there will be more; otherwise it is not called again, and the watch is to be ended.</returns>
    bool OnReadable();
}
