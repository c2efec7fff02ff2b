namespace SignalStreams;

/// <summary>The one place where the platform's source is chosen.</summary>
/// <remarks>On Unix the native source serves where it can. The environment variable, or else the AppContext switch, forces the portable one (false)
/// or asks for the native one (true), which then still serves only where it can: <see cref="SignalHub.Backend"/> says.</remarks>
internal static class SignalSources
{
    public const string Switch = "SignalStreams.UseNativeSource";
    public const string Variable = "SIGNALSTREAMS_USE_NATIVE_SOURCE";

    public static ISignalSource ForThisPlatform(TimeProvider time, IProcessExit exit)
    {
        if (OperatingSystem.IsWindows())
        {
            return WindowsSource.ForThisProcess(time, exit);
        }

        if (WhoForbidsNative() is { } who)
        {
            return new PortableUnixSource(time, who);
        }

        return Relay.TryLoad(out var reason) is { } relay ? new NativeUnixSource(relay, time) : new PortableUnixSource(time, reason);
    }

    private static string? WhoForbidsNative() => Environment.GetEnvironmentVariable(Variable)?.ToLowerInvariant() switch
    {
        "0" or "false" => $"the environment variable {Variable} says so",
        "1" or "true" => null,
        _ => AppContext.TryGetSwitch(Switch, out var useNative) && !useNative ? $"the AppContext switch {Switch} says so" : null,
    };
}
