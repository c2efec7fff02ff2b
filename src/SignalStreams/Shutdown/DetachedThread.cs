namespace SignalStreams;

/// <summary>A thread for code that may never return.</summary>
internal static class DetachedThread
{
    /// <summary>Runs code that contains its own errors, on a thread of its own that does not keep the process alive.</summary>
    /// <returns>False when there is no thread to be had.</returns>
    public static bool TryStart(string name, Action run)
    {
        try
        {
            // UnsafeStart: the code brings the context that it wants, or wants none.
            new Thread(() => run()) { IsBackground = true, Name = $"SignalStreams {name}" }.UnsafeStart();
            return true;
        }
        catch (Exception e) when (e is OutOfMemoryException or ThreadStartException)
        {
            return false;
        }
    }
}
