using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SignalStreams.Tool;

/// <summary>Steps and outcomes for machines; the schema is in the command's help.</summary>
internal static class StopJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Step(StopTask task, StopStep step) => Write(task, "step", json =>
    {
        json.WriteNumber("step"u8, step.Number);
        json.WriteString("signal"u8, step.Step.Signal.GetName());
        json.WriteNumber("attempt"u8, step.Attempt);
        if (step.Step.Patience == Timeout.InfiniteTimeSpan)
        {
            json.WriteNull("patienceMilliseconds"u8);
        }
        else
        {
            json.WriteNumber("patienceMilliseconds"u8, (long)step.Step.Patience.TotalMilliseconds);
        }

        json.WriteNumber("elapsedMilliseconds"u8, (long)step.Elapsed.TotalMilliseconds);
        WriteLists(json, step.Remaining, step.Failures);
    });

    public static string Outcome(StopTask task) => Write(task, "outcome", json =>
    {
        var outcome = task.Outcome;
        json.WriteString("result"u8, outcome?.Result switch
        {
            StopResult.AlreadyGone => "alreadyGone",
            StopResult.Graceful => "graceful",
            StopResult.Killed => "killed",
            StopResult.StillAlive => "stillAlive",
            _ => "aborted",
        });
        json.WriteNumber("elapsedMilliseconds"u8, (long)(outcome?.Elapsed ?? task.Step?.Elapsed ?? TimeSpan.Zero).TotalMilliseconds);
        json.WriteString("lastSignal"u8, (outcome?.LastSignal ?? task.Step?.Step.Signal)?.GetName());
        if (outcome?.ExitStatus is { } status)
        {
            json.WriteStartObject("exit"u8);
            if (status.Code is { } code)
            {
                json.WriteNumber("code"u8, code);
            }
            else
            {
                json.WriteNull("code"u8);
            }

            json.WriteString("signal"u8, status.Signal?.GetName());
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("exit"u8);
        }

        WriteLists(json, outcome?.Remaining ?? task.Step?.Remaining ?? [], outcome?.Failures ?? task.Step?.Failures ?? []);
    });

    private static string Write(StopTask task, string kind, Action<Utf8JsonWriter> body)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("event"u8, kind);
            json.WriteString("target"u8, task.Target);
            json.WriteNumber("pid"u8, task.Id);
            body(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteLists(Utf8JsonWriter json, IReadOnlyList<ProcessIdentity> remaining, IReadOnlyList<SendFailure> failures)
    {
        json.WriteStartArray("remaining"u8);
        foreach (var process in remaining)
        {
            json.WriteStartObject();
            WriteProcess(json, process);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("failures"u8);
        foreach (var failure in failures)
        {
            json.WriteStartObject();
            WriteProcess(json, failure.Process);
            json.WriteString("signal"u8, failure.Signal.GetName());
            json.WriteString("reason"u8, failure.Outcome switch
            {
                SendOutcome.Gone => "gone",
                SendOutcome.NotPermitted => "notPermitted",
                _ => "notDeliverable",
            });
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteProcess(Utf8JsonWriter json, ProcessIdentity process)
    {
        json.WriteNumber("pid"u8, process.Id);
        json.WriteString("name"u8, process.Name);
    }
}
