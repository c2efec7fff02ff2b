namespace SignalStreams;

/// <summary>The error numbers of a failed lookup that call for a remedy of their own (errno(3)).</summary>
internal static class StartError
{
    public const int NoEntry = 2;
    public const int AccessDenied = 13;
    public const int NotAFolder = 20;
    public const int IsAFolder = 21;
}
