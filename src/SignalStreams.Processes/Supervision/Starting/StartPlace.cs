namespace SignalStreams;

/// <summary>Where a lookup before a start failed.</summary>
internal enum StartPlace
{
    /// <summary>Nowhere: the start itself did.</summary>
    None,

    /// <summary>In the folders of PATH.</summary>
    SearchPath,

    /// <summary>At the path that the caller named.</summary>
    Path,

    /// <summary>In the folder that the child was to start in.</summary>
    WorkingFolder,
}
