using System.ComponentModel;
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

    /// <summary>Starts it; again where the system refuses it for what soon passes.</summary>
    /// <exception cref="Win32Exception">It could not be started.</exception>
    internal static T Start<T>(Func<T> start)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return start();
            }
            catch (Win32Exception e) when (attempt < Attempts && e.NativeErrorCode is WindowsError.AccessDenied or WindowsError.SharingViolation or WindowsError.InternalError)
            {
                // Somebody looks through a program that has just been written, or the system is short of something.
                Thread.Sleep(Pause);
            }
        }
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
            return RunOnce(file.Name, call);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(ConsoleHelperResult.NotWritten, e.Message);
        }
    }

    private static ConsoleHelperAnswer RunOnce(string path, ConsoleHelperCall call)
    {
        Process? started;
        try
        {
            started = Start(() => Process.Start(new ProcessStartInfo(path, call.ToArguments()) { UseShellExecute = false, CreateNoWindow = true }));
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            return new(ConsoleHelperResult.NotStarted, e.Message);
        }

        using var process = started;
        try
        {
            if (process is null)
            {
                return ConsoleHelperResult.NotStarted;
            }

            if (process.WaitForExit(Patience))
            {
                return ConsoleHelperAnswer.FromExitCode(process.ExitCode);
            }

#pragma warning disable RS0030 // A helper of our own that hangs, by its handle.
            process.Kill();
#pragma warning restore RS0030
            return new(ConsoleHelperResult.NotEnded, FormattableString.Invariant($"within {Patience.TotalSeconds} s"));
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            return new(ConsoleHelperResult.NotEnded, e.Message);
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
