namespace SignalStreams.Processes.Tests;

/// <summary>The programs of the field: what a stop has to cope with. Each prints "ready" when it is what its name says.</summary>
internal static class Cast
{
    public const string Bash = "bash";
    public const string Python = "python3";
    public const string Node = "node";
    public const string Sleep = "sleep";
    public const string Deaf = "ignores SIGTERM and SIGINT";
    public const string ForksTwice = "forks twice, with setsid";
    public const string ClosesOutput = "closes its output";
    public const string HeldPipe = "a grandchild holds the pipe";
    public const string Loud = "prints 0xFF and a line of 10 MB when it is asked";
    public const string Stopped = "is stopped by SIGSTOP";
    public const string Traced = "is traced by strace";
    public const string Debugged = "is held by gdb";
    public const string Zombies = "does not reap its children";

    /// <summary>Who it is, how it is to end when it is given time, and with which status.</summary>
    public static readonly (string Name, StopResult Result, ProcessExitStatus Status)[] All =
    [
        (Bash, StopResult.Graceful, ProcessExitStatus.FromCode(3)),
        (Python, StopResult.Graceful, ProcessExitStatus.FromCode(4)),
        (Node, StopResult.Graceful, ProcessExitStatus.FromCode(6)),
        (Sleep, StopResult.Graceful, ProcessExitStatus.FromSignal(SIGTERM)),
        (Deaf, StopResult.Killed, ProcessExitStatus.FromSignal(SIGKILL)),
        (ForksTwice, StopResult.Graceful, ProcessExitStatus.FromSignal(SIGTERM)),
        (ClosesOutput, StopResult.Graceful, ProcessExitStatus.FromCode(5)),
        (HeldPipe, StopResult.Graceful, ProcessExitStatus.FromSignal(SIGTERM)),
        (Loud, StopResult.Graceful, ProcessExitStatus.FromCode(7)),
        (Stopped, StopResult.Graceful, ProcessExitStatus.FromCode(8)),
        (Traced, StopResult.Graceful, ProcessExitStatus.FromSignal(SIGTERM)),
        (Debugged, StopResult.Killed, ProcessExitStatus.FromSignal(SIGKILL)),
        (Zombies, StopResult.Graceful, ProcessExitStatus.FromCode(9)),
    ];

    /// <summary>Its command; skips the test where the program is not installed.</summary>
    public static string[] CommandOf(string name) => name switch
    {
        Bash => ["bash", "-c", "trap 'exit 3' TERM; echo ready; while :; do sleep 0.01; done"],
        Node => [Programs.Require("node"), "-e", "process.on('SIGTERM',()=>process.exit(6));setInterval(()=>{},1e6);console.log('ready')"],
        Deaf => ["bash", "-c", "trap '' TERM INT; echo ready; exec sleep 1000"],
        Sleep or Traced or Debugged => ["bash", "-c", "echo ready; exec sleep 1000"],
        _ => [Programs.Require("python3"), "-c", $"import os, signal, sys, time\n{ScriptOf(name)}"],
    };

    private static string ScriptOf(string name) => name switch
    {
        Python => Answering("sys.exit(4)", ""),
        ForksTwice => """
            r, w = os.pipe()
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    os.write(w, b'x')
                    time.sleep(1000)
                os._exit(0)
            os.wait()
            os.read(r, 1)
            print('ready', flush=True)
            time.sleep(1000)
            """,
        ClosesOutput => Answering("os._exit(5)", "for fd in 0, 1, 2: os.close(fd)"),
        HeldPipe => "import subprocess\nsubprocess.Popen(['sleep', '1000'], start_new_session=True)\nprint('ready', flush=True)\ntime.sleep(1000)",
        Loud => Answering("o = sys.stdout.buffer; o.write(b'\\xff\\n' + b'x' * 10_000_000 + b'\\n'); o.flush(); os._exit(7)", ""),
        Stopped => Answering("os._exit(8)", "os.kill(os.getpid(), signal.SIGSTOP)"),
        Zombies => Answering("os._exit(9)", "", before: "for i in range(20):\n    if os.fork() == 0: os._exit(0)"),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such program in the cast."),
    };

    private static string Answering(string answer, string afterReady, string before = "") =>
        $"def answer(s, f):\n    {answer}\nsignal.signal(signal.SIGTERM, answer)\n{before}\nprint('ready', flush=True)\n{afterReady}\nwhile True: time.sleep(1000)";
}
