namespace SignalStreams.TestProgram.Scenarios;

/// <summary>Prints which source of signals serves; an argument sets the AppContext switch before.</summary>
internal static class Choice
{
    public static Task<int> RunAsync(string[] args)
    {
        if (args is [var value])
        {
            AppContext.SetSwitch("SignalStreams.UseNativeSource", bool.Parse(value));
        }

        Output.Line(Signals.Backend.ToString());
        return Task.FromResult(0);
    }
}
