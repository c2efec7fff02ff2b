using System.Globalization;
using System.Text;

namespace SignalStreams.Tool;

/// <summary>Sends a signal, or lists what there is to send.</summary>
internal static class SendRun
{
    public static int Send(ShutdownSignal signal, IEnumerable<int> processes, ProcessTargetKind kind, int? value)
    {
        var code = ExitCode.Done;
        foreach (var id in processes)
        {
            var target = Targets.Create(kind, id);
            var result = ProcessSignal.SendTo(target, signal, value);
            if (!result.IsSent)
            {
                Output.Problem($"{signal.GetName()} to {Targets.Describe(kind, id)}: {Reason(result, target, signal, value)}");
                code = Math.Max(code, CodeOf(result.Outcome));
            }
        }

        return code;
    }

    public static int List()
    {
        var text = new StringBuilder();
        foreach (var signal in SignalList.All)
        {
            text.Append(CultureInfo.InvariantCulture, $"{SignalTable.Current.NumberOf(signal),2} {signal.GetName()}\n");
        }

        Output.Out.Write(text);
        return ExitCode.Done;
    }

    private static string Reason(SendResult result, ProcessTarget target, ShutdownSignal signal, int? value) =>
        result is { Outcome: SendOutcome.NotDeliverable, Reason: null } && ProcessPlatform.Current.WhyNotDeliverable(target.Identity, signal, value) is { } reason
            ? $"not deliverable: {reason.TrimEnd('.')}"
            : Reason(result);

    public static string Reason(SendResult result) => result.Outcome switch
    {
        SendOutcome.NotDeliverable when result.Reason is { } reason => $"not deliverable: {reason.TrimEnd('.')}",
        SendOutcome.Sent => "sent",
        SendOutcome.Gone => "gone: it has ended, or there never was one",
        SendOutcome.NotPermitted => "not permitted: it belongs to somebody else",
        _ => "not deliverable: this platform cannot bring this signal to it",
    };

    private static int CodeOf(SendOutcome outcome) => outcome switch
    {
        SendOutcome.Sent => ExitCode.Done,
        SendOutcome.Gone => ExitCode.Gone,
        SendOutcome.NotPermitted => ExitCode.NotPermitted,
        _ => ExitCode.NotDeliverable,
    };
}
