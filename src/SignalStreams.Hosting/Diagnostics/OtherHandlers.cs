using System.Collections;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace SignalStreams;

/// <summary>Who else in the process handles a signal: the runtime calls ProcessExit on a thread of its own, so nobody can see who has called Environment.Exit, but most who do so do it at a signal.</summary>
/// <remarks>The runtime has no list that is public. Where its private one is not what it is in .NET 10, nobody is named.</remarks>
internal static class OtherHandlers
{
    private const BindingFlags PrivateStatic = BindingFlags.NonPublic | BindingFlags.Static;

    private static readonly TimeSpan LockTime = TimeSpan.FromMilliseconds(100);

    /// <summary>The types that have registered a handler, each with its assembly.</summary>
    public static string[] Of(ShutdownSignal signal)
    {
        try
        {
            return [.. HandlersOf(signal).Select(Describe).OfType<string>().Distinct(StringComparer.Ordinal)];
        }
#pragma warning disable CA1031 // A word for the log is not worth an exit that does not wait.
        catch (Exception)
#pragma warning restore CA1031
        {
            return [];
        }
    }

    private static IEnumerable<Delegate> HandlersOf(ShutdownSignal signal)
    {
        var registrations = typeof(PosixSignalRegistration).GetField("s_registrations", PrivateStatic)?.GetValue(null) as IDictionary;
        var token = Type.GetType("System.Runtime.InteropServices.PosixSignalRegistration+Token, System.Private.CoreLib");
        var ofSignal = token?.GetProperty("Signal");
        var ofHandler = token?.GetProperty("Handler");
        if (registrations is null || ofSignal is null || ofHandler is null)
        {
            return [];
        }

        var wanted = RuntimeNamesOf(signal);
        var handlers = new List<Delegate>();

        // The runtime's own lock, which it may be holding for something slow: the exit waits for no more than a word in the log is worth.
        if (!Monitor.TryEnter(registrations, LockTime))
        {
            return [];
        }

        try
        {
            foreach (var registration in registrations.Values.Cast<IEnumerable>().SelectMany(tokens => tokens.Cast<object>()))
            {
                if (ofSignal.GetValue(registration) is PosixSignal named && wanted.Contains(named) && ofHandler.GetValue(registration) is Delegate handler)
                {
                    handlers.Add(handler);
                }
            }
        }
        finally
        {
            Monitor.Exit(registrations);
        }

        // The console's stands for those of Console.CancelKeyPress.
        var console = typeof(Console).GetField("s_cancelCallbacks", PrivateStatic)?.GetValue(null) as Delegate;
        return handlers.SelectMany(handler =>
            DiagnosticMethodInfo.Create(handler)?.DeclaringTypeName == typeof(Console).FullName ? console?.GetInvocationList() ?? [] : [handler]);
    }

    // By its name or, as others may write it, by its number; on Windows by the event that the runtime has given a name of Unix.
    private static PosixSignal[] RuntimeNamesOf(ShutdownSignal signal) => OperatingSystem.IsWindows()
        ? ConsoleEvents.RuntimeNameOf(signal) is { } name ? [name] : []
        : [(PosixSignal)signal, (PosixSignal)(SignalTable.Current.NumberOf(signal) ?? (int)signal)];

    /// <returns>Null of the library's own.</returns>
    private static string? Describe(Delegate handler)
    {
        if (DiagnosticMethodInfo.Create(handler) is not { DeclaringTypeName: { } type, DeclaringAssemblyName: { } assembly })
        {
            return null;
        }

        var name = new AssemblyName(assembly).Name;
        if (name == typeof(SignalHub).Assembly.GetName().Name)
        {
            return null;
        }

        // Of a lambda: the type that it is written in.
        var nested = type.IndexOf("+<", StringComparison.Ordinal);
        return $"{(nested < 0 ? type : type[..nested])} ({name})";
    }
}
