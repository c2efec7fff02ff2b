namespace SignalStreams.WineTests;

/// <summary>What one test did under Wine.</summary>
/// <param name="Method">Its method, with the class.</param>
/// <param name="Name">Its name, with its arguments.</param>
/// <param name="Outcome">Pass, Fail or Skip.</param>
/// <param name="Message">Why it failed or was skipped.</param>
/// <param name="StackTrace">Where it failed.</param>
internal sealed record WineResult(string Method, string Name, string Outcome, string Message, string StackTrace = "")
{
    public bool Passed => Outcome == "Pass";

    public bool Failed => Outcome == "Fail";

    public bool Skipped => Outcome == "Skip";
}
