using System.Text;
using Microsoft.Extensions.Logging;

namespace SignalStreams;

/// <summary>Tells systemd how far the service is (sd_notify(3)), by the protocol itself: a datagram on the socket that NOTIFY_SOCKET names. Injectable.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>Where there is no such socket every call does nothing.</item>
/// <item>All members are thread-safe; none waits, and none throws for a socket that is full or gone. What finds the socket full is sent as soon as there is room.</item>
/// <item>The host sends READY, STOPPING, RELOADING, EXTEND_TIMEOUT_USEC and WATCHDOG by itself (<see cref="SignalStreamsOptions.NotifySystemd"/>), and a status of its own while it
/// drains, stops or reloads.</item>
/// </list>
/// </remarks>
public sealed partial class SystemdNotifier
{
    /// <summary>The longest message that systemd reads; it drops what is longer (NOTIFY_BUFFER_MAX in its sources).</summary>
    internal const int MaxBytes = 4096;

    // What waits for room in the socket. The state of a service is told in fewer.
    private const int MaxWaiting = 16;

    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly List<(string State, byte[] Bytes)> _waiting = [];
    private readonly NotifySocket? _socket;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private ITimer? _retry;
    private bool _hasFailed;

    internal SystemdNotifier(string? socket, TimeProvider time, ILogger logger)
    {
        _time = time;
        _logger = new ContainedLogger(logger);
        if (socket is not null)
        {
            _socket = NotifySocket.TryOpen(socket, out var problem);
            if (_socket is null)
            {
                LogUnusable(socket, problem);
            }
        }
    }

    /// <summary>Whether systemd listens: NOTIFY_SOCKET names a socket, and <see cref="SignalStreamsOptions.NotifySystemd"/> is on.</summary>
    public bool IsEnabled => _socket is not null;

    /// <summary>The status that the program has set last, for when the host has one of its own no longer.</summary>
    internal string Status { get; private set; } = "";

    /// <summary>Sends assignments as they are, such as "STATUS=warming up": one datagram, lines separated by "\n".</summary>
    /// <param name="state">At least one assignment NAME=VALUE; 4096 bytes at most in UTF-8.</param>
    /// <exception cref="ArgumentException">It is no assignment, or longer than systemd reads.</exception>
    public void Notify(string state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.IndexOf('=', StringComparison.Ordinal) < 1)
        {
            throw new ArgumentException($"\"{state}\" is no assignment. Send something like \"STATUS=warming up\"; sd_notify(3) has the names.", nameof(state));
        }

        var bytes = Encoding.UTF8.GetByteCount(state);
        if (bytes > MaxBytes)
        {
            throw new ArgumentException($"The message has {bytes} bytes in UTF-8, and systemd reads no more than {MaxBytes}. Send less; SetStatus shortens a text by itself.", nameof(state));
        }

        Send(state);
    }

    /// <summary>Sets the line that <c>systemctl status</c> shows: STATUS.</summary>
    /// <param name="text">A line of text; line breaks become spaces, and what is longer than systemd reads is cut off. Empty for none.</param>
    public void SetStatus(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Status = OneLine(text);
        Send($"STATUS={Status}");
    }

    /// <summary>What can stand in a status.</summary>
    internal static string OneLine(string text)
    {
        // Leaves room for what is sent along with it. A character has three bytes at most, or two of them four.
        const int MaxLength = 1024;
        text = text.ReplaceLineEndings(" ").Replace('\0', ' ');
        return text.Length <= MaxLength ? text : $"{text.AsSpan(0, char.IsHighSurrogate(text[MaxLength - 1]) ? MaxLength - 1 : MaxLength)}…";
    }

    /// <summary>Sends a message that is well-formed.</summary>
    /// <param name="state">The assignments.</param>
    internal void Send(string state)
    {
        if (_socket is null)
        {
            return;
        }

        var bytes = Encoding.UTF8.GetBytes(state);
        lock (_gate)
        {
            // The order stays.
            if (_waiting.Count == 0 && SendNow(bytes) != NotifyOutcome.Full)
            {
                return;
            }

            if (_waiting is [.., var last] && (last.State == state || (IsStatus(last.State) && IsStatus(state))))
            {
                _waiting.RemoveAt(_waiting.Count - 1);
            }
            else if (_waiting.Count == MaxWaiting)
            {
                _waiting.RemoveAt(0);
            }

            _waiting.Add((state, bytes));
            _retry ??= _time.CreateTimer(static self => ((SystemdNotifier)self!).OnRetry(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _retry.Change(Retry, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Sends what waits, if there is room, and gives the socket back; a later message opens it again.</summary>
    internal void Close()
    {
        if (_socket is not null)
        {
            lock (_gate)
            {
                SendWaiting();
                _waiting.Clear();
                _retry?.Dispose();
                _retry = null;
                _socket.Close();
            }
        }
    }

    // One whose only line is a status.
    private static bool IsStatus(string state) => state.StartsWith("STATUS=", StringComparison.Ordinal) && !state.Contains('\n', StringComparison.Ordinal);

    private void OnRetry()
    {
        lock (_gate)
        {
            SendWaiting();
            if (_waiting.Count > 0)
            {
                _retry?.Change(Retry, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void SendWaiting()
    {
        while (_waiting.Count > 0 && SendNow(_waiting[0].Bytes) != NotifyOutcome.Full)
        {
            _waiting.RemoveAt(0);
        }
    }

    private NotifyOutcome SendNow(byte[] bytes)
    {
        var outcome = _socket!.Send(bytes, out var error);
        if (outcome == NotifyOutcome.Failed && !_hasFailed)
        {
            // Not under the gate: a logger is the user's code. Once is enough, the next message goes the same way.
            _hasFailed = true;
            ThreadPool.UnsafeQueueUserWorkItem(static state => state.self.LogFailed(state.reason), (self: this, reason: error!.Message), preferLocal: false);
        }

        return outcome;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "systemd is told nothing: NOTIFY_SOCKET is \"{Address}\", and {Problem}. With Type=notify the start of the unit will time out: use Type=exec.")]
    private partial void LogUnusable(string address, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "systemd does not hear what the service tells it: {Reason}. Is the socket that NOTIFY_SOCKET names mounted into the container? Further failures are not logged.")]
    private partial void LogFailed(string reason);
}
