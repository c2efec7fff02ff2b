namespace SignalStreams;

/// <summary>The hub that a test put in the place of the process's own, for its own flow of execution.</summary>
internal static class AmbientHub
{
    private static readonly AsyncLocal<SignalHub?> Local = new();
    private static bool _isUsed;

    public static SignalHub? Current
    {
        // A program that is no test does not pay for the look-up.
        get => Volatile.Read(ref _isUsed) ? Local.Value : null;
        set
        {
            Volatile.Write(ref _isUsed, true);
            Local.Value = value;
        }
    }
}
