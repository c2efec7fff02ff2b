using System.ComponentModel;
using System.Runtime.InteropServices;

// Children are started this way on Unix only, where all of these exist.
#pragma warning disable CA1416

namespace SignalStreams;

/// <summary>Starts children on Unix: with a keeper where there can be one, and plainly elsewhere.</summary>
internal static unsafe class UnixChildStarter
{
    private const int ControlDescriptor = 3;
    private const int GroupDescriptor = 4;

    /// <summary>Starts a child. It has begun to execute its program when this returns.</summary>
    /// <exception cref="ProcessStartException">It could not be started; says at which step, and why.</exception>
    /// <exception cref="ArgumentException">An argument or a variable has a zero character in it, which the system takes for its end.</exception>
    public static IStartedChild Start(ChildStart start)
    {
        List<string> arguments = [start.Name, .. start.Arguments];
        var environment = new List<string>(start.Environment.Count);
        foreach (var (name, value) in start.Environment)
        {
            environment.Add($"{name}={value}");
        }

        if ((FirstWithZero(arguments) ?? FirstWithZero(environment)) is { } bad)
        {
            throw new ArgumentException($"'{start.FileName}' was not started: '{bad.Replace('\0', '?')}' has a zero character (U+0000) in it, and would arrive cut off there. Take it out.", nameof(start));
        }

        ChildPipes? pipes = null;
        IStartedChild? child = null;
        try
        {
#pragma warning disable CA2000 // The child owns them.
            pipes = ChildPipes.Open(start);
#pragma warning restore CA2000
            if (KeeperImage.TryGet() is { } keeper)
            {
                child = StartKept(keeper, start, arguments, environment, pipes);
            }

            child ??= StartPlain(start, arguments, environment, pipes);
            pipes.CloseTheirs();
            return child;
        }
        catch (Win32Exception e) when (e is not ProcessStartException)
        {
            throw new ProcessStartException(e.NativeErrorCode, $"'{start.FileName}' was not started: {e.Message}", start.FileName);
        }
        finally
        {
            if (child is null)
            {
                pipes?.Dispose();
            }
        }
    }

    // Null where the system does not execute the keeper.
    private static string? FirstWithZero(List<string> texts) => texts.Find(text => text.Contains('\0', StringComparison.Ordinal));

    private static KeptChild? StartKept(KeeperImage image, ChildStart start, List<string> arguments, List<string> environment, ChildPipes pipes)
    {
        var group = ControlGroups.TryMake();
        var control = -1;
        var keeper = 0;
        try
        {
            (control, var theirs) = Descriptors.SocketPair();
            var options = (start.Place switch { ProcessPlace.Session => "s", ProcessPlace.Group => "g", _ => "f" }) + (group is null ? "" : "c");
            int error;
            try
            {
                error = Spawner.Spawn(
                    image.Path, ["signalstreams-keeper", options, start.WorkingDirectory ?? "", group?.Path ?? "", start.FileName, .. arguments], environment,
                    folder: null, ownSession: start.Place == ProcessPlace.Session, isBlocking: true,
                    [(pipes.ChildInput, 0), (pipes.ChildOutput, 1), (pipes.ChildError, 2), (theirs, ControlDescriptor), (group?.Processes ?? -1, GroupDescriptor)],
                    out keeper);
            }
            finally
            {
                _ = LibC.Close(theirs);
            }

            if (error is ChildCalls.NoSuchFile or UnixCalls.NotPermitted or ChildCalls.AccessDenied or ChildCalls.NotAProgram)
            {
                KeeperImage.Refuse();
                return null;
            }

            if (error != 0)
            {
                throw StartErrors.Of(start, error == ChildCalls.ArgumentsTooLong ? StartStage.Program : StartStage.Fork, error);
            }

            group?.CloseProcesses();
            var message = Receive(control);
            if (message.Kind != KeeperMessageKind.Started)
            {
                // Nothing at all: somebody has killed the keeper before it could say anything.
                throw message.Kind == KeeperMessageKind.Failed
                    ? StartErrors.Of(start, (StartStage)message.A, message.B)
                    : new ProcessStartException(0, $"'{start.FileName}' was not started: the process that was to start it has been killed.", start.FileName);
            }

            if (message.B == 0)
            {
                group?.Dispose();
                group = null;
            }

            var child = KeptChild.Watch(ChildTable.Identify(message.A), pipes, keeper, control, group, hasTerminal: message.C != 0);
            control = -1;
            keeper = 0;
            group = null;
            return child;
        }
        finally
        {
            if (control >= 0)
            {
                _ = LibC.Close(control);
            }

            if (keeper > 0)
            {
                Spawner.Reap(keeper);
            }

            group?.Dispose();
        }
    }

    private static PlainChild StartPlain(ChildStart start, List<string> arguments, List<string> environment, ChildPipes pipes)
    {
        var terminal = start.Place == ProcessPlace.Foreground ? ForegroundTerminal.TryOpen() : -1;
        var error = Spawner.Spawn(
            start.FileName, arguments, environment, start.WorkingDirectory, ownSession: start.Place == ProcessPlace.Session, isBlocking: false,
            [(pipes.ChildInput, 0), (pipes.ChildOutput, 1), (pipes.ChildError, 2)], out var pid);
        if (error != 0)
        {
            if (terminal >= 0)
            {
                _ = LibC.Close(terminal);
            }

            // posix_spawn(3) does not say which step it was.
            throw StartErrors.Of(start, StageOf(start, error), error);
        }

        if (terminal >= 0)
        {
            // It may have tried to read before it had the terminal, and been stopped for that (SIGTTIN). A keeper's child waits with its exec.
            ForegroundTerminal.Give(terminal, pid);
            _ = LibC.Kill(-pid, ShutdownSignal.SIGCONT.GetNumber());
        }

        return PlainChild.Watch(ChildTable.Identify(pid), pipes, terminal);
    }

    private static StartStage StageOf(ChildStart start, int error)
    {
        const int NoProcess = 11;
        const int NoMemory = 12;
        return error is NoProcess or NoMemory ? StartStage.Fork
            : start.WorkingDirectory is { } folder && !CanEnter(folder) ? StartStage.Folder
            : StartStage.Program;
    }

    private static bool CanEnter(string folder) => Directory.Exists(folder) && UnixFileAccess.Execute(folder) == 0;

    private static KeeperMessage Receive(int control)
    {
        while (true)
        {
            KeeperMessage message;
            var length = ChildCalls.Receive(control, &message, sizeof(KeeperMessage), 0);
            if (length == sizeof(KeeperMessage))
            {
                return message;
            }

            if (length >= 0 || Marshal.GetLastPInvokeError() != UnixCalls.Interrupted)
            {
                return default;
            }
        }
    }
}
