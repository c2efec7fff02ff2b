using System.Diagnostics;
using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace SignalStreams;

/// <summary>The small program that attaches to the console of another process and sends an event there: consolesignal.c, which says how.</summary>
/// <remarks>A process has one console at most. Were we to attach to another one we would lose ours, and the console handlers of the runtime with it.</remarks>
[SupportedOSPlatform("windows")]
internal static class ConsoleHelper
{
    private const string ResourceName = "consolesignal-win-x64.exe";
    private const int Attempts = 5;

    // Long: on a machine that is busy beyond measure the start of a process takes seconds.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private static readonly Lazy<byte[]?> Image = new(ReadImage);

    /// <summary>Whether this build has it.</summary>
    public static bool IsEmbedded => Image.Value is not null;

    /// <summary>Runs it to its end.</summary>
    public static ConsoleHelperAnswer Run(ConsoleHelperCall call)
    {
        // AttachConsole takes away its handler, and the event of another helper may come before it is there again.
        ConsoleHelperAnswer answer;
        var attempt = 0;
        do
        {
            answer = RunOnce(call);
        }
        while (answer.Result == ConsoleHelperResult.Interrupted && ++attempt < Attempts);

        return answer;
    }

    private static ConsoleHelperAnswer RunOnce(ConsoleHelperCall call)
    {
        if (Image.Value is not { } image)
        {
            return ConsoleHelperResult.NotStarted;
        }

        try
        {
            // Held while it runs: nobody can put another program in its place.
            using var file = ExtractedFile.Open(image, Path.Combine(Path.GetTempPath(), "SignalStreams"), FileName(image));
            using var process = Process.Start(new ProcessStartInfo(file.Name, call.ToArguments()) { UseShellExecute = false, CreateNoWindow = true });
            if (process is null)
            {
                return ConsoleHelperResult.NotStarted;
            }

            if (!process.WaitForExit(Patience))
            {
#pragma warning disable RS0030 // A helper of our own that hangs, by its handle.
                process.Kill();
#pragma warning restore RS0030
                return new(ConsoleHelperResult.NotStarted, FormattableString.Invariant($"it did not end within {Patience.TotalSeconds} s"));
            }

            return ConsoleHelperAnswer.FromExitCode(process.ExitCode);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            return new(ConsoleHelperResult.NotStarted, e.Message);
        }
    }

    private static string FileName(byte[] image) => $"consolesignal-{Convert.ToHexStringLower(SHA256.HashData(image).AsSpan(0, 16))}.exe";

    private static byte[]? ReadImage()
    {
        using var stream = typeof(ConsoleHelper).Assembly.GetManifestResourceStream(ResourceName);
        if (stream is null)
        {
            return null;
        }

        var image = new byte[stream.Length];
        stream.ReadExactly(image);
        return image;
    }
}
