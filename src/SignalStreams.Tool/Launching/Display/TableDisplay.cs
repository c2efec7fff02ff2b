using Spectre.Console;
using CellStyle = Spectre.Console.Style;

namespace SignalStreams.Tool;

/// <summary>A table of the tasks that changes as they do, with messages above it.</summary>
internal sealed class TableDisplay : ILaunchDisplay
{
    // Often enough for the eye, seldom enough for the processor.
    private static readonly TimeSpan AtMostEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AtLeastEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    private readonly IAnsiConsole _console;
    private readonly string _launchName;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly List<(string Text, bool IsProblem)> _messages = [];
    private readonly CancellationTokenSource _ended = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _drawing = Task.CompletedTask;

    public TableDisplay(string launchName, IAnsiConsole console, TimeProvider time)
    {
        _launchName = launchName;
        _console = console;
        _time = time;
    }

    /// <summary>The terminal on standard output.</summary>
    public static IAnsiConsole OpenConsole(TextWriter writer, bool hasColours) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = AnsiSupport.Yes,
        Interactive = InteractionSupport.Yes,
        ColorSystem = hasColours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
        Out = new TerminalOutput(writer),
    });

    // Writing to a terminal can wait for its reader: a thread of its own.
    public void Start(LaunchRunner runner, Action<string> onClosed) =>
        _drawing = Task.Factory.StartNew(() => DrawAsync(runner, onClosed), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

    public ValueTask LineAsync(LaunchTask task, OutputLine line, bool isMoreComing, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public void Message(string text, bool isProblem = false)
    {
        lock (_gate)
        {
            _messages.Add((SafeText.Line(text), isProblem));
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
        await _ended.CancelAsync().ConfigureAwait(false);
        await _drawing.WaitAsync(LastWords, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ended.Dispose();
    }

    private async Task DrawAsync(LaunchRunner runner, Action<string> onClosed)
    {
        try
        {
            await _console.Live(Picture(runner)).AutoClear(false).Overflow(VerticalOverflow.Crop).Cropping(VerticalOverflowCropping.Bottom)
                .StartAsync(context => DrawAsync(runner, context)).ConfigureAwait(false);
            PrintMessages();
        }
        catch (IOException closed)
        {
            onClosed(closed is ClosedOutputException ? "the terminal is closed" : closed.Message.TrimEnd('.'));
        }
    }

    private async Task DrawAsync(LaunchRunner runner, LiveDisplayContext context)
    {
        while (true)
        {
            lock (_gate)
            {
                _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            var isLast = _ended.IsCancellationRequested;
            PrintMessages();
            context.UpdateTarget(Picture(runner));
            if (isLast)
            {
                return;
            }

            // Then until something happens, or the clock in the picture moves on.
            await Task.Delay(AtMostEvery, _time, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _changed.Task.WaitAsync(AtLeastEvery, _time, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void PrintMessages()
    {
        (string Text, bool IsProblem)[] messages;
        lock (_gate)
        {
            messages = [.. _messages];
            _messages.Clear();
        }

        foreach (var (text, isProblem) in messages)
        {
            // Filled up, since it is written over the table, which then is drawn anew below; not to the last cell, behind which some terminals wrap.
            foreach (var line in CellText.Lines(text, Math.Max(1, _console.Profile.Width - 1)))
            {
                _console.Write(new Text(line + "\n", isProblem ? new CellStyle(Color.Red) : CellStyle.Plain));
            }
        }
    }

    private Spectre.Console.Rendering.IRenderable Picture(LaunchRunner runner) =>
        TaskTable.Draw(_launchName, runner.Views(), runner.IsStopping, _console.Profile.Width, _console.Profile.Height);
}
