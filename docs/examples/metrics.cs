// What the meter "SignalStreams" counts, read by hand. In production an exporter (OpenTelemetry, dotnet-counters) reads it.
// Published a quarter of a second after the first listener opened, so that it costs a program no start-up time.
#:project ../../src/SignalStreams/SignalStreams.csproj
using System.Diagnostics.Metrics;
using SignalStreams;
using static SignalStreams.ShutdownSignal;

using var meters = new MeterListener
{
    InstrumentPublished = (instrument, self) =>
    {
        if (instrument.Meter.Name == "SignalStreams")
        {
            self.EnableMeasurementEvents(instrument);
            Console.WriteLine($"counting {instrument.Name}");
        }
    },
};
meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Console.WriteLine($"{instrument.Name} {tags[0].Value} {value}"));
meters.SetMeasurementEventCallback<int>((instrument, value, _, _) => Console.WriteLine($"{instrument.Name} {value}"));
meters.Start();

using var shutdown = Signals.CancelOn(SIGINT, SIGTERM);
Console.WriteLine($"pid {Environment.ProcessId}: waiting. Try: kill {Environment.ProcessId}");
await Task.Delay(Timeout.Infinite, shutdown.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

meters.RecordObservableInstruments();
