using System.Diagnostics;

namespace SignalStreams;

/// <summary>What a caller wants started, checked and copied: what becomes of the <see cref="ProcessStartInfo"/> later has no influence.</summary>
internal sealed class StartRequest
{
    private readonly string _fileName;
    private readonly string[] _arguments;
    private readonly Dictionary<string, string> _environment;
    private readonly string? _workingDirectory;
    private readonly ProcessPlace _place;

    private StartRequest(ProcessStartInfo info, ProcessPlace place)
    {
        _fileName = info.FileName;
        _arguments = info.ArgumentList.Count > 0 ? [.. info.ArgumentList] : [.. ArgumentSplitter.Split(info.Arguments)];
        _environment = Copy(info.Environment);
        _workingDirectory = string.IsNullOrEmpty(info.WorkingDirectory) ? null
            : Path.IsPathFullyQualified(info.WorkingDirectory) ? info.WorkingDirectory
            : Path.Combine(ProgramLookup.CurrentFolder(info.FileName), info.WorkingDirectory);
        _place = place;
        RedirectsInput = info.RedirectStandardInput;
        RedirectsOutput = info.RedirectStandardOutput;
        RedirectsError = info.RedirectStandardError;
    }

    public bool RedirectsInput { get; }

    public bool RedirectsOutput { get; }

    public bool RedirectsError { get; }

    public string DefaultName => Path.GetFileName(_fileName) is { Length: > 0 } name ? name : _fileName;

    public static StartRequest From(ProcessStartInfo info, ProcessPlace place)
    {
        ArgumentNullException.ThrowIfNull(info);
        Check(info);
        return new StartRequest(info, place);
    }

    /// <summary>Looks the program up anew: between two starts it may have been replaced, or have gone.</summary>
    /// <exception cref="ProcessStartException">There is none.</exception>
    public ChildStart Resolve() => new(
        ProgramLookup.Find(_fileName, _environment, _workingDirectory),
        _arguments,
        _environment,
        _workingDirectory,
        _place,
        RedirectsInput,
        RedirectsOutput,
        RedirectsError) { Name = _fileName };

    private static void Check(ProcessStartInfo startInfo)
    {
        if (string.IsNullOrEmpty(startInfo.FileName))
        {
            throw new ArgumentException("ProcessStartInfo.FileName is empty: there is nothing to start. Name a program.", nameof(startInfo));
        }

        if (startInfo.UseShellExecute)
        {
            throw new ArgumentException($"ProcessStartInfo.UseShellExecute is set for '{startInfo.FileName}': no shell starts a supervised process. Leave it false; to open a document, start the program that opens it.", nameof(startInfo));
        }

        // Elsewhere the others cannot be set, and reading them throws.
        if (!string.IsNullOrEmpty(startInfo.UserName)
            || (OperatingSystem.IsWindows() && (!string.IsNullOrEmpty(startInfo.Domain) || startInfo.Password is not null || startInfo.PasswordInClearText is not null)))
        {
            throw new ArgumentException($"ProcessStartInfo asks for '{startInfo.FileName}' to run as another user, which is not supported. Leave UserName, Domain and Password alone; start a program that changes the user, such as runuser(1) or sudo(8).", nameof(startInfo));
        }

        if (!string.IsNullOrEmpty(startInfo.Verb))
        {
            throw new ArgumentException($"ProcessStartInfo.Verb is '{startInfo.Verb}': verbs are for the shell of Windows. Leave it empty.", nameof(startInfo));
        }

        if (!string.IsNullOrEmpty(startInfo.Arguments) && startInfo.ArgumentList.Count > 0)
        {
            throw new ArgumentException($"ProcessStartInfo for '{startInfo.FileName}' has both Arguments and ArgumentList. Set one; ArgumentList passes each argument exactly as it is.", nameof(startInfo));
        }

        CheckText(startInfo.FileName, "FileName", nameof(startInfo));
        CheckText(startInfo.Arguments, "Arguments", nameof(startInfo));
        CheckText(startInfo.WorkingDirectory, "WorkingDirectory", nameof(startInfo));
        for (var i = 0; i < startInfo.ArgumentList.Count; i++)
        {
            CheckText(startInfo.ArgumentList[i] ?? throw new ArgumentException(FormattableString.Invariant($"ProcessStartInfo.ArgumentList[{i}] is null. Leave it out, or pass an empty text."), nameof(startInfo)), FormattableString.Invariant($"ArgumentList[{i}]"), nameof(startInfo));
        }

        foreach (var (key, value) in startInfo.Environment)
        {
            // Windows hides its current folders of drives behind names such as "=C:".
            if (key.Length == 0 || key.IndexOf('=', OperatingSystem.IsWindows() ? 1 : 0) >= 0)
            {
                throw new ArgumentException($"ProcessStartInfo.Environment has the name '{key}': a name must not be empty, and has no '='. Put what follows the '=' into the value.", nameof(startInfo));
            }

            CheckText(key, "Environment", nameof(startInfo));
            CheckText(value, $"Environment['{key}']", nameof(startInfo));
        }
    }

    private static void CheckText(string? text, string where, string parameter)
    {
        if (text?.IndexOf('\0', StringComparison.Ordinal) is >= 0 and var position)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"ProcessStartInfo.{where} has a NUL character at position {position}: the system ends texts there, so the rest would be lost. Remove it, or pass such data through standard input or a file."),
                parameter);
        }
    }

    // As Process does: a name whose value is null is not set.
    // A loop and not LINQ, which would have to be compiled for pairs before the first child starts.
    private static Dictionary<string, string> Copy(IDictionary<string, string?> environment)
    {
        var copy = new Dictionary<string, string>(environment.Count, StringComparer.Ordinal);
        foreach (var (name, value) in environment)
        {
            if (value is not null)
            {
                copy.Add(name, value);
            }
        }

        return copy;
    }
}
