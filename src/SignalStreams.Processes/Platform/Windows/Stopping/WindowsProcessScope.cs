namespace SignalStreams;

/// <summary>A stop of one process.</summary>
internal sealed class WindowsProcessScope(IWindowsProcessApi api, WindowsSender sender, IWindowsProcess? process, string description, object key)
    : WindowsStopScope(api, sender, process, description, key)
{
    public override bool TryKillAll() => false;
}
