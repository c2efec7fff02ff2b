using System.Diagnostics.Metrics;

namespace SignalStreams.TestProgram.Remotes;

/// <summary>Reads the meter of the library as a monitoring program would.</summary>
internal static class Metrics
{
    private const string LastPublished = "signalstreams.receivers.open";

    /// <summary>The values by instrument and tags: "signalstreams.signals.received SIGTERM".</summary>
    public static IReadOnlyDictionary<string, long> Read()
    {
        var values = new SortedDictionary<string, long>(StringComparer.Ordinal);
        using var published = new ManualResetEventSlim();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == "SignalStreams")
            {
                self.EnableMeasurementEvents(instrument);
                if (instrument.Name == LastPublished)
                {
                    published.Set();
                }
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => values[Name(instrument, tags)] = value);
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => values[Name(instrument, tags)] = value);
        listener.Start();

        // The library publishes its meter a moment after the first listener opened, when it has nothing else to do.
        published.Wait(TimeSpan.FromSeconds(30));
        listener.RecordObservableInstruments();
        return new Dictionary<string, long>(values);
    }

    private static string Name(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var name = instrument.Name;
        foreach (var tag in tags)
        {
            name += $" {tag.Value}";
        }

        return name;
    }
}
