using System.Buffers;
using System.Text;

namespace SignalStreams;

/// <summary>Writes the command line of a program so that it reads back its arguments unchanged.</summary>
/// <remarks>
/// Windows hands over one string, which the program takes apart; nearly all do so as CommandLineToArgvW and the C runtime ("Parsing C command-line
/// arguments"). A batch file is run by cmd.exe, which takes it apart in its own way and obeys characters that no quotes hide: what would not arrive
/// as written, or would run something else, is refused (CVE-2024-24576).
/// </remarks>
internal static class WindowsCommandLine
{
    /// <summary>The longest command line of CreateProcessW, its final zero included.</summary>
    public const int MaxLength = 32767;

    private static readonly SearchValues<char> Separators = SearchValues.Create(" \t\n\v\"");

    // Obeyed by cmd.exe outside of quotes or even within them.
    private static readonly SearchValues<char> ObeyedByBatch = SearchValues.Create("\"%!^&|<>\r\n\u001a");

    private static readonly SearchValues<char> PlainInBatch =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789#$*+-./:?@\\_");

    /// <summary>Writes a command line, the program's own name at its beginning.</summary>
    /// <exception cref="ProcessStartException">An argument cannot be handed over unchanged, or all are too long.</exception>
    public static string Build(string fileName, IReadOnlyList<string> arguments)
    {
        var isBatch = IsBatchFile(fileName);
        if (fileName.AsSpan().ContainsAny('"', '\0') || (isBatch && fileName.AsSpan().ContainsAny(ObeyedByBatch)))
        {
            throw Unfit(fileName, $"The path of the program contains a character that Windows or cmd.exe would not take as part of a name: {fileName}. Rename it.");
        }

        // The first argument knows no escapes: it ends with the next quote.
        var line = new StringBuilder().Append('"').Append(fileName).Append('"');
        foreach (var argument in arguments)
        {
            line.Append(' ');
            if (argument.Contains('\0', StringComparison.Ordinal))
            {
                throw Unfit(fileName, "An argument contains a zero character, at which Windows would end the command line. Remove it.");
            }

            if (isBatch)
            {
                AppendForBatch(line, fileName, argument);
            }
            else
            {
                Append(line, argument);
            }
        }

        return line.Length < MaxLength ? line.ToString() : throw new ProcessStartException(
            WindowsError.FilenameTooLong,
            FormattableString.Invariant($"The command line of {fileName} has {line.Length} characters; Windows takes {MaxLength - 1}. Pass the arguments in a file."),
            fileName);
    }

    /// <summary>Whether Windows hands the file to cmd.exe; trailing spaces and dots are no part of a name (CVE-2024-43402).</summary>
    public static bool IsBatchFile(string fileName)
    {
        var name = fileName.AsSpan().TrimEnd(" .");
        return name.EndsWith(".bat", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".cmd", StringComparison.OrdinalIgnoreCase);
    }

    // Backslashes are themselves, but before a quote: there each pair is one, and an odd one makes the quote a character.
    private static void Append(StringBuilder line, string argument)
    {
        if (argument.Length > 0 && !argument.AsSpan().ContainsAny(Separators))
        {
            line.Append(argument);
            return;
        }

        line.Append('"');
        var backslashes = 0;
        foreach (var character in argument)
        {
            if (character == '"')
            {
                line.Append('\\', backslashes + 1);
            }

            backslashes = character == '\\' ? backslashes + 1 : 0;
            line.Append(character);
        }

        line.Append('\\', backslashes).Append('"');
    }

    private static void AppendForBatch(StringBuilder line, string fileName, string argument)
    {
        if (argument.AsSpan().ContainsAny(ObeyedByBatch))
        {
            throw Unfit(fileName, $"cmd.exe, which runs {fileName}, would obey a character of the argument '{argument}' instead of passing it on: none of \" % ! ^ & | < > and line ends can be handed to a batch file. Start the program that the batch file starts, or pass the argument in a variable.");
        }

        if (argument.Length > 0 && !argument.AsSpan().ContainsAnyExcept(PlainInBatch))
        {
            line.Append(argument);
            return;
        }

        // For cmd.exe the quote after it ends the argument, for the program that the batch file starts it is one of its characters.
        if (argument.EndsWith('\\'))
        {
            throw Unfit(fileName, $"The argument '{argument}' ends with a backslash and must be quoted, which a batch file ({fileName}) and the programs that it starts read differently. Leave the backslash out.");
        }

        line.Append('"').Append(argument).Append('"');
    }

    private static ProcessStartException Unfit(string fileName, string message) => new(WindowsError.InvalidParameter, message, fileName);
}
