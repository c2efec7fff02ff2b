namespace SignalStreams;

/// <summary>In which order the exit handlers of a phase run.</summary>
public enum ExitHandlerOrder
{
    /// <summary>The last registered first, as atexit(3) does: what was built last is torn down first.</summary>
    LastRegisteredFirst = 0,

    /// <summary>The first registered first.</summary>
    FirstRegisteredFirst,
}
