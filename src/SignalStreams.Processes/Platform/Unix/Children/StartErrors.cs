using System.Runtime.InteropServices;
using System.Text;

namespace SignalStreams;

/// <summary>What is said of a child that could not be started.</summary>
internal static class StartErrors
{
    public static ProcessStartException Of(ChildStart start, StartStage stage, int error) => new(error, Message(start, stage, error), start.FileName);

    private static string Message(ChildStart start, StartStage stage, int error)
    {
        var reason = Marshal.GetPInvokeErrorMessage(error);
        return stage switch
        {
            StartStage.Folder => error switch
            {
                ChildCalls.NoSuchFile => $"'{start.FileName}' was not started: its working directory '{start.WorkingDirectory}' does not exist. Make it, or name another.",
                ChildCalls.AccessDenied => $"'{start.FileName}' was not started: its working directory '{start.WorkingDirectory}' may not be entered by this user.",
                ChildCalls.NotAFolder => $"'{start.FileName}' was not started: its working directory '{start.WorkingDirectory}' is not a directory.",
                _ => $"'{start.FileName}' was not started: its working directory '{start.WorkingDirectory}' could not be entered: {reason}.",
            },
            StartStage.Program => error switch
            {
                ChildCalls.NoSuchFile when InterpreterOf(start.FileName) is { } interpreter =>
                    $"'{start.FileName}' was not started: '{interpreter}', which its first line names as its interpreter, does not exist.",
                ChildCalls.NoSuchFile when File.Exists(start.FileName) =>
                    $"'{start.FileName}' was not started: it exists, but the loader that it was built for does not. Install that, or a build for this system.",
                ChildCalls.NoSuchFile or ChildCalls.NotAFolder => $"'{start.FileName}' was not started: there is no such program.",
                ChildCalls.AccessDenied when Directory.Exists(start.FileName) => $"'{start.FileName}' was not started: it is a directory.",
                ChildCalls.AccessDenied => $"'{start.FileName}' was not started: this user may not execute it. Check its mode (chmod +x), its directories, and whether it is mounted noexec.",
                ChildCalls.NotAProgram =>
                    $"'{start.FileName}' was not started: it is no program of this system, nor a script that names its interpreter in its first line ('#!/bin/sh'). No shell is involved unless you start one.",
                ChildCalls.ArgumentsTooLong =>
                    $"'{start.FileName}' was not started: its arguments and environment are too long for the system (execve(2): one of them 128 KiB, all of them a quarter of the stack's limit).",
                _ => $"'{start.FileName}' was not started: {reason}.",
            },
            StartStage.Place => $"'{start.FileName}' was not started: it could not be given a session or process group of its own: {reason}.",
            _ => $"'{start.FileName}' was not started: the system could not make a process: {reason}. A limit of the user (ulimit -u) or of the control group (pids.max) may have been reached.",
        };
    }

    private static string? InterpreterOf(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            Span<byte> head = stackalloc byte[256];
            head = head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
            if (!head.StartsWith("#!"u8))
            {
                return null;
            }

            var end = head.IndexOf((byte)'\n');
            return Encoding.UTF8.GetString(end < 0 ? head[2..] : head[2..end]).Trim(' ', '\t').Split(' ', '\t')[0];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
