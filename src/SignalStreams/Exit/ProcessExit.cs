using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace SignalStreams;

/// <summary>Ends the real process.</summary>
/// <remarks>
/// A parent tells an end by a signal from an exit code (wait(2), WIFSIGNALED), and acts on it: a bash loop stops at Ctrl-C only
/// when the program that it runs died of SIGINT. As process 1 of a pid namespace the kernel drops the signal; then the exit
/// code 128+n, which is what a shell reports for both, says the same.
/// </remarks>
internal sealed class ProcessExit : IProcessExit
{
    private readonly Lock _gate = new();
    private Action? _exiting;
    private Func<Exception, bool>? _crashing;
    private EndStatus? _arranged;
    private Action<EndStatus>? _last;

    public event Action? Exiting
    {
        add
        {
            lock (_gate)
            {
                if (_exiting is null)
                {
                    AppDomain.CurrentDomain.ProcessExit += OnExiting;
                }

                _exiting += value;
            }
        }

        remove
        {
            lock (_gate)
            {
                _exiting -= value;
                if (_exiting is null)
                {
                    AppDomain.CurrentDomain.ProcessExit -= OnExiting;
                }
            }
        }
    }

    public event Func<Exception, bool>? Crashing
    {
        add
        {
            lock (_gate)
            {
                if (_crashing is null)
                {
                    AppDomain.CurrentDomain.UnhandledException += OnCrashing;
                }

                _crashing += value;
            }
        }

        remove
        {
            lock (_gate)
            {
                _crashing -= value;
                if (_crashing is null)
                {
                    AppDomain.CurrentDomain.UnhandledException -= OnCrashing;
                }
            }
        }
    }

    public int ExitCode
    {
        get => Environment.ExitCode;
        set => Environment.ExitCode = value;
    }

    public bool IsZeroChosen => Assembly.GetEntryAssembly()?.EntryPoint?.ReturnType == typeof(int);

    public void EndNow(EndStatus status, bool isOverdue = false)
    {
        Terminal.Restore();
        _last?.Invoke(status);
        if (OperatingSystem.IsWindows())
        {
            WindowsNative.EndProcess(status.Code);
            return;
        }

        if (status.Signal is { } signal)
        {
            DieBySignal(signal);
        }

        LibC.ExitNow(status.Code);
    }

    [DoesNotReturn]
#pragma warning disable RS0030 // Banned everywhere but here.
    public void Exit(ShutdownSignal signal) => Environment.Exit(ExitWhenMainReturns(EndStatus.By(signal)));

    public void EndInOrder() => Environment.Exit(Environment.ExitCode);
#pragma warning restore RS0030

    public void AtEnd(Action<EndStatus> last)
    {
        _last = last;
        Prepare();
    }

    public int ExitWhenMainReturns(EndStatus status)
    {
        Arrange(status);
        return status.Code;
    }

    // It takes milliseconds, or the time to write a core dump.
    public void WaitForAbort() => Thread.Sleep(TimeSpan.FromSeconds(30));

    public void Arrange(EndStatus status)
    {
        lock (_gate)
        {
            _arranged = status;
        }

        // Last: a main function that returns from here on takes it along.
        Prepare();
        Environment.ExitCode = status.Code;
    }

    public void Prepare()
    {
        lock (_gate)
        {
            // Anew each time: it has to run after those who registered before.
            AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
            AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
        }
    }

    private void OnProcessExit(object? sender, EventArgs e)
    {
        EndStatus? arranged;
        lock (_gate)
        {
            arranged = _arranged;
        }

        // Another code by now is one that the program chose for itself.
        if (arranged is { Signal: { } signal, Code: var code } && Environment.ExitCode == code && !OperatingSystem.IsWindows())
        {
            Terminal.Restore();
            DieBySignal(signal);
        }

        _last?.Invoke(EndStatus.With(Environment.ExitCode));
    }

    // raise(3) and not kill(2): a signal to the own thread has been acted on before the call returns, and returning from it
    // is the proof that the kernel dropped it.
    private static void DieBySignal(ShutdownSignal signal)
    {
        var number = signal.GetNumber();
        _ = LibC.Signal(number, LibC.DefaultHandler);
        _ = LibC.Raise(number);
    }

    private void OnExiting(object? sender, EventArgs e) => _exiting?.Invoke();

    private void OnCrashing(object? sender, UnhandledExceptionEventArgs e)
    {
        var exception = e.ExceptionObject as Exception ?? new InvalidOperationException($"Something that is no exception was thrown: {e.ExceptionObject}");
        if (_crashing?.Invoke(exception) == true)
        {
            // Another thread ends the process.
            Thread.Sleep(Timeout.InfiniteTimeSpan);
        }

        // The runtime aborts the process from here on.
        Terminal.Restore();
    }
}
