namespace SignalStreams.Tool;

/// <summary>What the commands exit with; one table for all of them, in every help text that needs a part of it.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>Something that no other code stands for went wrong.</summary>
    public const int Failed = 1;

    /// <summary>The command line says what cannot be done, as with getopt(1) and bash.</summary>
    public const int Usage = 2;

    public const int Gone = 3;
    public const int NotPermitted = 4;
    public const int NotDeliverable = 5;
    public const int Killed = 6;
    public const int StillAlive = 7;

    /// <summary>What is supervised was not ready in time; as timeout(1).</summary>
    public const int TimedOut = 124;

    /// <summary>The supervision itself failed; as env(1), nohup(1) and timeout(1).</summary>
    public const int SupervisionFailed = 125;

    /// <summary>The program was found and cannot be run; as in sh(1).</summary>
    public const int NotExecutable = 126;

    /// <summary>The program was not found; as in sh(1).</summary>
    public const int NotFound = 127;
}
