using System.Runtime.CompilerServices;

namespace SignalStreams.ProcessTests;

/// <summary>Forces the portable source upon the tests and, since they inherit the environment, upon the programs that they start.</summary>
internal static class PortableSource
{
    [ModuleInitializer]
    internal static void Force() => Environment.SetEnvironmentVariable("SIGNALSTREAMS_USE_NATIVE_SOURCE", "0");
}
