namespace SignalStreams;

/// <summary>What the console helper is to do.</summary>
/// <param name="ProcessId">Whose console it attaches to.</param>
/// <param name="Event">What it sends.</param>
/// <param name="Group">To which process group; 0 for all who are attached to that console.</param>
/// <param name="Caller">Who must not be hit: with group 0 nothing is sent where this process is attached.</param>
/// <param name="Family">Who may be hit: with group 0 nothing is sent where anybody else is attached; 0 stands for everybody.</param>
internal sealed record ConsoleHelperCall(int ProcessId, ConsoleEvent Event, int Group, int Caller, IReadOnlyCollection<int> Family)
{
    /// <summary>For a console that was made for the process: whoever is attached to it may be hit.</summary>
    public static readonly IReadOnlyCollection<int> Everybody = [0];

    /// <summary>The command line, in the order that consolesignal.c reads.</summary>
    public string ToArguments() =>
        FormattableString.Invariant($"{ProcessId} {(int)Event} {Group} {Caller} {string.Join(' ', Family)}").TrimEnd();
}
