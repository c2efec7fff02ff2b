namespace SignalStreams.WindowsTests;

/// <summary>"dwCurrentState" of SERVICE_STATUS.</summary>
internal enum ServiceState : uint
{
    None,
    Stopped,
    StartPending,
    StopPending,
    Running,
    ContinuePending,
    PausePending,
    Paused,
}
