using BenchmarkDotNet.Running;
using SignalStreams.Benchmarks;
using SignalStreams.Benchmarks.Processes;
using SignalStreams.Benchmarks.Rolling;

switch (args)
{
    case ["latency"]:
        await SignalLatency.RunAsync();
        break;
    case ["wakeup"]:
        await WakeUpLatency.RunAsync();
        break;
    case ["linked"]:
        await LinkedStartUp.RunAsync();
        break;
    case ["stop"]:
        await StopTime.RunChildrenAsync();
        break;
    case ["stop-tree"]:
        await StopTime.RunTreesAsync();
        break;
    case ["output"]:
        await OutputThroughput.RunAsync();
        break;
    case ["run"]:
        await RunOverhead.RunAsync();
        break;
    case ["idle"]:
        await IdleLauncher.RunAsync();
        break;
    case ["rolling"]:
        await RollingTable.RunAsync();
        break;
    case ["host"]:
        await HostLife.RunAsync();
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        break;
}
