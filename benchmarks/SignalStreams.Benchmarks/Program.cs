using BenchmarkDotNet.Running;
using SignalStreams.Benchmarks;

switch (args)
{
    case ["latency"]:
        await LatencyComparison.RunAsync();
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        break;
}
