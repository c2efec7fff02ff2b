namespace SignalStreams.WindowsTests;

/// <summary>SERVICE_STATUS: what the manager knows of a service.</summary>
/// <param name="ServiceType">Its type.</param>
/// <param name="State">What it does.</param>
/// <param name="ControlsAccepted">What it may be told.</param>
/// <param name="ExitCode">1066 where the next one holds.</param>
/// <param name="SpecificExitCode">The service's own exit code.</param>
/// <param name="CheckPoint">The last one by which it asked for more time.</param>
/// <param name="WaitHint">Milliseconds until the next one.</param>
internal readonly record struct ServiceStatus(uint ServiceType, ServiceState State, uint ControlsAccepted, uint ExitCode, uint SpecificExitCode, uint CheckPoint, uint WaitHint);
