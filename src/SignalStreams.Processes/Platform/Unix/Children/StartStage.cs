namespace SignalStreams;

/// <summary>How far the start of a child got.</summary>
internal enum StartStage
{
    /// <summary>Entering the working directory.</summary>
    Folder = 1,

    /// <summary>Executing the program.</summary>
    Program = 2,

    /// <summary>Making its session or process group.</summary>
    Place = 3,

    /// <summary>Making a process at all.</summary>
    Fork = 4,
}
