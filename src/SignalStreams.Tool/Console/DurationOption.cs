using System.CommandLine;

namespace SignalStreams.Tool;

/// <summary>Options that take a time.</summary>
internal static class DurationOption
{
    public static Option<TimeSpan?> Create(string name, string helpName, string description, bool allowsZero = false) => new(name)
    {
        HelpName = helpName,
        Description = description,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (Durations.TryParse(text, out var duration) && (allowsZero || duration > TimeSpan.Zero))
            {
                return duration;
            }

            result.AddError($"'{text}' is no length of time for {name}: write {Durations.Forms}.");
            return null;
        },
    };
}
