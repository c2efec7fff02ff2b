using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace SignalStreams.TestProgram.Scenarios;

/// <summary>Loads the library, and a program that uses it, into a context that can be unloaded; unloads it, and says whether it is gone.</summary>
internal static class StressUnload
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static Task<int> RunAsync(string[] args)
    {
        var times = int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture);
        for (var i = 0; i < times; i++)
        {
            var context = LoadAndUnload(args[0]);
            if (!IsGone(context))
            {
                Output.Line($"still loaded after unload {i + 1}; threads: {string.Join(", ", DeliveryThreadsLeft())}");
                return Task.FromResult(1);
            }
        }

        Output.Line("unloaded");
        return Task.FromResult(0);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference LoadAndUnload(string use)
    {
        // Blocks, since a continuation would run on top of the plugin's own frames.
        var context = new PluginContext();
        StartPlugin(context, use).GetAwaiter().GetResult();
        context.Unload();
        return new WeakReference(context);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Task StartPlugin(PluginContext context, string use)
    {
        var plugin = context.LoadFromAssemblyPath(typeof(StressUnload).Assembly.Location).GetType(typeof(StressPlugin).FullName!)!;
        return (Task)plugin.GetMethod(nameof(StressPlugin.RunAsync))!.Invoke(null, [use])!;
    }

    private static bool IsGone(WeakReference context)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (context.IsAlive)
        {
            if (TimeProvider.System.GetElapsedTime(start) > Limit)
            {
                return false;
            }

            GC.Collect();
            GC.WaitForPendingFinalizers();
            Thread.Sleep(10);
        }

        return true;
    }

    private static IEnumerable<string> DeliveryThreadsLeft() => StressStorm.ThreadNames().Where(name => name.StartsWith(StressStorm.LibraryThread, StringComparison.Ordinal));

    private sealed class PluginContext() : AssemblyLoadContext("plugin", isCollectible: true)
    {
        protected override Assembly? Load(AssemblyName assemblyName) => assemblyName.Name == typeof(Signals).Assembly.GetName().Name
            ? LoadFromAssemblyPath(typeof(Signals).Assembly.Location)
            : null;
    }
}
