using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SignalStreams.Tool;

/// <summary>A signal as a line, for people and for machines.</summary>
internal static class DeliveryText
{
    // A name of a process may hold anything; what is printed must stay one line and valid JSON, no more.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>"12:00:00.123456 SIGTERM from pid 1 (systemd), uid 0".</summary>
    public static string Line(SignalDelivery delivery, DateTimeOffset time, bool isColoured)
    {
        var repeated = delivery.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $" x{delivery.Count}") : "";
        return $"{Style.Dim(time.ToString("HH:mm:ss.ffffff", CultureInfo.InvariantCulture), isColoured)} {Style.Bold(delivery.Signal.GetName(), isColoured)}{repeated} from {delivery.Origin}";
    }

    public static string Json(SignalDelivery delivery, DateTimeOffset time)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            var origin = delivery.Origin;
            json.WriteStartObject();
            json.WriteString("time"u8, time);
            json.WriteNumber("sequence"u8, delivery.Sequence);
            json.WriteString("signal"u8, delivery.Signal.GetName());
            WriteNumber(json, "number"u8, SignalTable.Current.NumberOf(delivery.Signal));
            json.WriteNumber("count"u8, delivery.Count);
            json.WriteStartObject("origin"u8);
            json.WriteString("kind"u8, KindOf(origin.Kind));
            WriteNumber(json, "pid"u8, origin.ProcessId);
            json.WriteString("name"u8, origin.ProcessName);
            WriteNumber(json, "uid"u8, origin.UserId);
            json.WriteEndObject();
            WriteNumber(json, "value"u8, origin.Value);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static string KindOf(SignalOriginKind kind) => kind switch
    {
        SignalOriginKind.Process => "process",
        SignalOriginKind.Queue => "queue",
        SignalOriginKind.Kernel => "kernel",
        SignalOriginKind.Terminal => "terminal",
        SignalOriginKind.Timer => "timer",
        SignalOriginKind.Self => "self",
        SignalOriginKind.Console => "console",
        SignalOriginKind.Window => "window",
        SignalOriginKind.Test => "test",
        SignalOriginKind.Service => "service",
        _ => "unknown",
    };

    private static void WriteNumber(Utf8JsonWriter json, ReadOnlySpan<byte> name, long? number)
    {
        if (number is { } known)
        {
            json.WriteNumber(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
