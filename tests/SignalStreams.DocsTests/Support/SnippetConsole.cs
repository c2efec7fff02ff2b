using System.Runtime.CompilerServices;

namespace SignalStreams.DocsTests.Support;

/// <summary>In the place of the console: what snippets print, and a Ctrl-C that nobody typed.</summary>
public sealed class SnippetConsole : IDisposable
{
    private readonly List<string> _lines = [];
    private readonly SemaphoreSlim _written = new(0);

    public event ConsoleCancelEventHandler? CancelKeyPress;

    public string[] Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    public void WriteLine(object? value)
    {
        lock (_lines)
        {
            _lines.Add(value?.ToString() ?? "");
        }

        _written.Release();
    }

    /// <summary>Waits until one more line is printed; for one that comes from a delivery thread.</summary>
    public async Task LineAsync(CancellationToken cancellationToken) =>
        Assert.True(await _written.WaitAsync(TimeSpan.FromSeconds(60), cancellationToken), "Nothing was printed.");

    public void Dispose() => _written.Dispose();

    /// <returns>Whether a handler kept the process alive.</returns>
    public bool PressCtrlC()
    {
        // Its constructor is the runtime's own.
        var e = (ConsoleCancelEventArgs)RuntimeHelpers.GetUninitializedObject(typeof(ConsoleCancelEventArgs));
        CancelKeyPress?.Invoke(this, e);
        return e.Cancel;
    }
}
