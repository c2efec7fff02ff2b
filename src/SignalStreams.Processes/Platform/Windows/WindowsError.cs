namespace SignalStreams;

/// <summary>The errors of Windows that are told apart here; winerror.h.</summary>
internal static class WindowsError
{
    public const int None = 0;
    public const int FileNotFound = 2;
    public const int PathNotFound = 3;
    public const int AccessDenied = 5;
    public const int InvalidHandle = 6;
    public const int BadFormat = 11;
    public const int GenFailure = 31;
    public const int SharingViolation = 32;
    public const int InvalidParameter = 87;
    public const int BadExeFormat = 193;
    public const int FilenameTooLong = 206;
    public const int ExeMachineTypeMismatch = 216;
    public const int MoreData = 234;
    public const int Directory = 267;
    public const int ElevationRequired = 740;
    public const int InternalError = 1359;

    /// <summary>What a call that reaches another process says by its error.</summary>
    public static SendOutcome ToOutcome(int error) => error switch
    {
        None => SendOutcome.Sent,
        AccessDenied => SendOutcome.NotPermitted,
        // OpenProcess: there is no such id. AttachConsole: the process has ended.
        InvalidParameter or GenFailure => SendOutcome.Gone,
        _ => SendOutcome.NotDeliverable,
    };
}
