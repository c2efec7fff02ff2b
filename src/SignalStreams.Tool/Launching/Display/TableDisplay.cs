using System.Runtime.InteropServices;

namespace SignalStreams.Tool;

/// <summary>A table of the tasks that changes as they do, with messages above it.</summary>
internal sealed class TableDisplay(string launchName, LivePicture picture, bool hasColours, TimeProvider time) : ILaunchDisplay
{
    // Often enough for the eye, seldom enough for the processor.
    private static readonly TimeSpan AtMostEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AtLeastEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly List<string> _messages = [];
    private readonly CancellationTokenSource _ended = new();
    private readonly TaskCompletionSource _drawn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PosixSignalRegistration? _resized;
    private bool _hasStarted;

    // Writing to a terminal can wait for its reader: a thread of its own, to the end.
    public void Start(LaunchRunner runner, Action<string> onClosed)
    {
        _resized = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => Changed());
        _hasStarted = true;
        new Thread(() => Draw(runner, onClosed)) { IsBackground = true, Name = "live table" }.Start();
    }

    public ValueTask LineAsync(LaunchTask task, OutputLine line, bool isMoreComing, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public void Message(string text, bool isProblem = false)
    {
        lock (_gate)
        {
            _messages.Add(isProblem ? Style.Red(SafeText.Line(text), hasColours) : SafeText.Line(text));
        }

        Changed();
    }

    public void Changed()
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            changed = _changed;
        }

        changed.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        _resized?.Dispose();
        await _ended.CancelAsync().ConfigureAwait(false);
        if (_hasStarted)
        {
            await _drawn.Task.WaitAsync(LastWords, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _ended.Dispose();
    }

    private void Draw(LaunchRunner runner, Action<string> onClosed)
    {
        try
        {
            while (true)
            {
                string[] messages;
                lock (_gate)
                {
                    _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    messages = [.. _messages];
                    _messages.Clear();
                }

                var isLast = _ended.IsCancellationRequested;
                picture.Draw(messages, (width, height) => TaskTable.Draw(launchName, runner.Views(), runner.IsStopping, width, height));
                if (isLast)
                {
                    return;
                }

                // Then until something happens, or the clock in the picture moves on.
                Wait(Task.Delay(AtMostEvery, time, _ended.Token));
                Wait(_changed.Task.WaitAsync(AtLeastEvery, time, _ended.Token));
            }
        }
        catch (IOException closed)
        {
            onClosed(closed is ClosedOutputException ? "the terminal is closed" : closed.Message.TrimEnd('.'));
        }
        finally
        {
            _drawn.TrySetResult();
        }

        static void Wait(Task task) => task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
    }
}
