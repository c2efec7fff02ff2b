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
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private static readonly Lazy<byte[]?> Image = new(ReadImage);

    /// <summary>Whether this build has it.</summary>
    public static bool IsEmbedded => Image.Value is not null;

    /// <summary>Runs it to its end.</summary>
    public static ConsoleHelperAnswer Run(ConsoleHelperCall call) => Image.Value is { } image ? Run(() => RunOnce(image, call)) : ConsoleHelperResult.NotStarted;

    /// <summary>Once more where it may come otherwise.</summary>
    internal static ConsoleHelperAnswer Run(Func<ConsoleHelperAnswer> once)
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = once();
            switch (answer.Result)
            {
                // AttachConsole takes away its handler, and the event of another helper may come before it is there again.
                case ConsoleHelperResult.Interrupted when attempt < Attempts:
                    break;

                // Whoever looks through new programs refuses them for moments (https://github.com/dotnet/core-setup/pull/7135).
                case ConsoleHelperResult.NotStarted when attempt < Attempts:
                    Thread.Sleep(Pause);
                    break;
                default:
                    return answer;
            }
        }
    }

    private static ConsoleHelperAnswer RunOnce(byte[] image, ConsoleHelperCall call)
    {
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
                return new(ConsoleHelperResult.NotEnded, FormattableString.Invariant($"within {Patience.TotalSeconds} s"));
            }

            return ConsoleHelperAnswer.FromExitCode(process.ExitCode);
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            return new(ConsoleHelperResult.NotStarted, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(ConsoleHelperResult.NotWritten, e.Message);
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
