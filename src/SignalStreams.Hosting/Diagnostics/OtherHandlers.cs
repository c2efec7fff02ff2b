using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace SignalStreams;

/// <summary>Who else in the process handles a signal: the runtime calls ProcessExit on a thread of its own, so nobody can see who has called Environment.Exit, but most who do so do it at a signal.</summary>
internal static class OtherHandlers
{
    /// <summary>The types that have registered a handler, each with its assembly.</summary>
    public static string[] Of(ShutdownSignal signal)
    {
        try
        {
            return [.. RuntimeHandlers.Of(RuntimeNamesOf(signal)).SelectMany(Meant).Select(Describe).OfType<string>().Distinct(StringComparer.Ordinal)];
        }
#pragma warning disable CA1031 // A word for the log is not worth an exit that does not wait.
        catch (Exception)
#pragma warning restore CA1031
        {
            return [];
        }
    }

    // By its name or, as others may write it, by its number; on Windows by the event that the runtime has given a name of Unix.
    private static PosixSignal[] RuntimeNamesOf(ShutdownSignal signal) => OperatingSystem.IsWindows()
        ? ConsoleEvents.RuntimeNameOf(signal) is { } name ? [name] : []
        : [(PosixSignal)signal, (PosixSignal)(SignalTable.Current.NumberOf(signal) ?? (int)signal)];

    // The console's stands for those of Console.CancelKeyPress.
    private static IEnumerable<Delegate> Meant(Action<PosixSignalContext> handler) =>
        DiagnosticMethodInfo.Create(handler)?.DeclaringTypeName != typeof(Console).FullName ? [handler]
        : typeof(Console).GetField("s_cancelCallbacks", BindingFlags.NonPublic | BindingFlags.Static)?.GetValue(null) is Delegate callbacks ? callbacks.GetInvocationList()
        : [];

    /// <returns>Null where the runtime does not tell.</returns>
    private static string? Describe(Delegate handler)
    {
        if (DiagnosticMethodInfo.Create(handler) is not { DeclaringTypeName: { } type, DeclaringAssemblyName: { } assembly })
        {
            return null;
        }

        // Of a lambda: the type that it is written in.
        var nested = type.IndexOf("+<", StringComparison.Ordinal);
        return $"{(nested < 0 ? type : type[..nested])} ({new AssemblyName(assembly).Name})";
    }
}
