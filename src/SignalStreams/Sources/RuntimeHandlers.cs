using System.Collections;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace SignalStreams;

/// <summary>The handlers that others have registered with the runtime (<see cref="PosixSignalRegistration"/>, and <see cref="Console.CancelKeyPress"/>, which registers one).</summary>
/// <remarks>The runtime has no list that is public. Where its private one is not what it is in .NET 10, there are none.</remarks>
internal static class RuntimeHandlers
{
    private static readonly TimeSpan LockTime = TimeSpan.FromMilliseconds(100);

    /// <summary>Those of a signal, the last one to register first, as the runtime calls them.</summary>
    public static Action<PosixSignalContext>[] Of(params PosixSignal[] signals)
    {
        try
        {
            return [.. Registered(signals).Where(handler => !IsOurs(handler)).Reverse()];
        }
#pragma warning disable CA1031 // Nobody who asks is worse off than without the private list.
        catch (Exception)
#pragma warning restore CA1031
        {
            return [];
        }
    }

    private static List<Action<PosixSignalContext>> Registered(PosixSignal[] signals)
    {
        var handlers = new List<Action<PosixSignalContext>>();
        var registrations = typeof(PosixSignalRegistration).GetField("s_registrations", BindingFlags.NonPublic | BindingFlags.Static)?.GetValue(null) as IDictionary;
        var token = Type.GetType("System.Runtime.InteropServices.PosixSignalRegistration+Token, System.Private.CoreLib");
        var ofSignal = token?.GetProperty("Signal");
        var ofHandler = token?.GetProperty("Handler");

        // The runtime's own lock, which it may be holding for something slow: an end waits for no more than this is worth.
        if (registrations is null || ofSignal is null || ofHandler is null || !Monitor.TryEnter(registrations, LockTime))
        {
            return handlers;
        }

        try
        {
            foreach (var registration in registrations.Values.Cast<IEnumerable>().SelectMany(tokens => tokens.Cast<object>()))
            {
                if (ofSignal.GetValue(registration) is PosixSignal signal && signals.Contains(signal) && ofHandler.GetValue(registration) is Action<PosixSignalContext> handler)
                {
                    handlers.Add(handler);
                }
            }
        }
        finally
        {
            Monitor.Exit(registrations);
        }

        return handlers;
    }

    private static bool IsOurs(Delegate handler) =>
        DiagnosticMethodInfo.Create(handler)?.DeclaringAssemblyName is { } assembly && new AssemblyName(assembly).Name == typeof(RuntimeHandlers).Assembly.GetName().Name;
}
