using System.Globalization;
using System.Text.RegularExpressions;

namespace SignalStreams.Benchmarks.Rolling;

/// <summary>What wrk counted, and which requests nginx could not serve.</summary>
/// <param name="Restarts">How often an instance was stopped and started.</param>
/// <param name="Requests">Answers that wrk got.</param>
/// <param name="BadAnswers">Those among them that are neither 2xx nor 3xx.</param>
/// <param name="SocketErrors">Connections that failed, and answers that came too late.</param>
/// <param name="FailedReads">GET requests that nginx answered with 4xx or 5xx.</param>
/// <param name="FailedWrites">POST requests that nginx answered with 4xx or 5xx.</param>
/// <param name="Report">What wrk wrote.</param>
internal sealed partial record RollingResult(int Restarts, long Requests, long BadAnswers, long SocketErrors, int FailedReads, int FailedWrites, string Report)
{
    /// <summary>All that failed, as the client sees it.</summary>
    public long Failed => BadAnswers + SocketErrors;

    public static RollingResult Parse(int restarts, string report, IReadOnlyList<string> failures)
    {
        var requests = RequestsPattern().Match(report);
        if (!requests.Success)
        {
            throw new InvalidOperationException($"wrk wrote no result:\n{report}");
        }

        var errors = ErrorsPattern().Match(report).Groups.Values.Skip(1).Sum(Number);
        return new RollingResult(
            restarts, Number(requests.Groups[1]), Number(BadPattern().Match(report).Groups[1]), errors, failures.Count(line => line.StartsWith("GET", StringComparison.Ordinal)),
            failures.Count(line => line.StartsWith("POST", StringComparison.Ordinal)), report);
    }

    private static long Number(Group group) => group.Success ? long.Parse(group.Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"(\d+) requests in ")]
    private static partial Regex RequestsPattern();

    [GeneratedRegex(@"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)")]
    private static partial Regex ErrorsPattern();

    [GeneratedRegex(@"Non-2xx or 3xx responses: (\d+)")]
    private static partial Regex BadPattern();
}
