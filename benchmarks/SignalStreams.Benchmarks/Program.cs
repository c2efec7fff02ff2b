using BenchmarkDotNet.Running;
using SignalStreams.Benchmarks;

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
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        break;
}
