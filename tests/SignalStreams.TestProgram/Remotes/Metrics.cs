using System.Diagnostics.Metrics;

namespace SignalStreams.TestProgram.Remotes;

/// <summary>Reads the meter of the library as a monitoring program would.</summary>
internal static class Metrics
{
    /// <summary>The values by instrument and tags: "signalstreams.signals.received SIGTERM".</summary>
    public static IReadOnlyDictionary<string, long> Read()
    {
        var values = new SortedDictionary<string, long>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == "SignalStreams")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => values[Name(instrument, tags)] = value);
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => values[Name(instrument, tags)] = value);
        listener.Start();
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
