using System.Runtime.InteropServices;

namespace SignalStreams;

/// <summary>posix_spawn(3), set up as every child and every keeper is.</summary>
/// <remarks>
/// What this process catches is at its default after the exec, and what it ignores stays ignored, as nohup(1) wants; but for SIGPIPE, which the runtime
/// always ignores, and SIGCHLD, which nobody wants ignored who has children.
/// </remarks>
internal static unsafe class Spawner
{
    /// <summary>Starts a program.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="arguments">Its arguments, its name first.</param>
    /// <param name="environment">NAME=value.</param>
    /// <param name="folder">Its working directory; null for ours.</param>
    /// <param name="ownSession">Whether it makes a session, or else a process group.</param>
    /// <param name="isBlocking">Whether it begins with all signals blocked, or else with none.</param>
    /// <param name="descriptors">What it is given: ours, and what they become; ours may be -1.</param>
    /// <param name="pid">Its process id.</param>
    /// <returns>0, or errno.</returns>
    public static int Spawn(
        string path, IReadOnlyCollection<string> arguments, IReadOnlyCollection<string> environment, string? folder, bool ownSession, bool isBlocking,
        ReadOnlySpan<(int Ours, int Theirs)> descriptors, out int pid)
    {
        var attributes = stackalloc byte[ChildCalls.OpaqueSize];
        var actions = stackalloc byte[ChildCalls.OpaqueSize];
        var signals = stackalloc byte[ChildCalls.OpaqueSize];
        using var nativePath = new NativeStrings(folder is null ? [path] : [path, folder]);
        using var nativeArguments = new NativeStrings(arguments);
        using var nativeEnvironment = new NativeStrings(environment);
        pid = 0;
        _ = ChildCalls.InitAttributes(attributes);
        _ = ChildCalls.InitActions(actions);
        try
        {
            _ = ChildCalls.EmptySet(signals);
            _ = ChildCalls.AddToSet(signals, ChildCalls.SigPipe);
            _ = ChildCalls.AddToSet(signals, ChildCalls.ChildSignal);
            _ = ChildCalls.SetDefaults(attributes, signals);
            _ = isBlocking ? ChildCalls.FillSet(signals) : ChildCalls.EmptySet(signals);
            _ = ChildCalls.SetMask(attributes, signals);
            var place = ownSession ? ChildCalls.SessionFlag : ChildCalls.GroupFlag;
            var error = ChildCalls.SetFlags(attributes, (short)(ChildCalls.DefaultsFlag | ChildCalls.MaskFlag | place));
            foreach (var (ours, theirs) in descriptors)
            {
                if (error == 0 && ours >= 0)
                {
                    error = ChildCalls.AddDuplicate(actions, ours, theirs);
                }
            }

            if (error == 0 && !isBlocking)
            {
                CloseOthers(actions, 3);
            }

            if (error == 0 && folder is not null)
            {
                error = ChildCalls.AddFolder(actions, nativePath.Pointer[1]);
            }

            if (error != 0)
            {
                return error;
            }

            int id;
            OwnChildren.EnterStart();
            try
            {
                error = ChildCalls.Spawn(&id, nativePath.Pointer[0], actions, attributes, nativeArguments.Pointer, nativeEnvironment.Pointer);
                if (error == 0)
                {
                    pid = id;
                    OwnChildren.Add(id);
                }
            }
            finally
            {
                OwnChildren.ExitStart();
            }

            return error;
        }
        finally
        {
            _ = ChildCalls.DestroyActions(actions);
            _ = ChildCalls.DestroyAttributes(attributes);
        }
    }

    // Ours are closed at the exec. What this process has inherited itself, and does not know of, is not the child's either. A keeper does this for itself.
    private static void CloseOthers(byte* actions, int first)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                _ = ChildCalls.AddCloseFrom(actions, first);
            }
        }
        catch (EntryPointNotFoundException)
        {
            // A C library without it (glibc before 2.34, musl). One that is closed by then is no error.
            foreach (var path in Directory.EnumerateFiles("/proc/self/fd"))
            {
                if (int.TryParse(Path.GetFileName(path), out var descriptor) && descriptor >= first)
                {
                    _ = ChildCalls.AddClose(actions, descriptor);
                }
            }
        }
    }

    /// <summary>Waits for the end of a child that is about to end, and reaps it.</summary>
    public static void Reap(int pid)
    {
        int status;
        while (ChildCalls.WaitPid(pid, &status, 0) < 0 && Marshal.GetLastPInvokeError() == UnixCalls.Interrupted)
        {
            // Once more.
        }

        OwnChildren.Remove(pid);
    }
}
