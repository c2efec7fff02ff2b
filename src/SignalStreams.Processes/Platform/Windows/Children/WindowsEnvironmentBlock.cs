using System.Text;

namespace SignalStreams;

/// <summary>Writes an environment as CreateProcessW takes it.</summary>
internal static class WindowsEnvironmentBlock
{
    /// <summary>Each "name=value" ended by a zero, in the order of the names without regard to case, and a zero at the end.</summary>
    /// <exception cref="ProcessStartException">A name or a value cannot be handed over unchanged.</exception>
    public static string Build(string fileName, IReadOnlyDictionary<string, string> environment)
    {
        var block = new StringBuilder();
        foreach (var (name, value) in environment.OrderBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase))
        {
            // Windows keeps the folder of each drive in variables that begin with '=': "=C:".
            if (name.Length == 0 || name.IndexOf('=', 1) >= 0 || name.Contains('\0', StringComparison.Ordinal) || value.Contains('\0', StringComparison.Ordinal))
            {
                throw new ProcessStartException(
                    WindowsError.InvalidParameter, $"The environment variable '{name}' cannot be handed to {fileName}: a name is not empty and has no '=', and neither name nor value has a zero character.", fileName);
            }

            block.Append(name).Append('=').Append(value).Append('\0');
        }

        if (block.Length == 0)
        {
            block.Append('\0');
        }

        return block.Append('\0').ToString();
    }
}
