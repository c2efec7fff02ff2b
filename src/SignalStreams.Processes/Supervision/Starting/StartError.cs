namespace SignalStreams;

/// <summary>The error numbers of a failed start that call for a remedy of their own (errno(3), Linux).</summary>
internal static class StartError
{
    public const int NotPermitted = 1;
    public const int NoEntry = 2;
    public const int ArgumentsTooLong = 7;
    public const int NotExecutableFormat = 8;
    public const int TryAgain = 11;
    public const int NoMemory = 12;
    public const int AccessDenied = 13;
    public const int NotAFolder = 20;
    public const int IsAFolder = 21;
    public const int TooManyFilesInSystem = 23;
    public const int TooManyFiles = 24;
    public const int FileBusy = 26;
}
