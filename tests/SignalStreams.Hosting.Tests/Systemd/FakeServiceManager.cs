using System.Net.Sockets;
using System.Text;

namespace SignalStreams.Hosting.Tests;

/// <summary>Binds the socket that systemd would have bound, and reads what a service says.</summary>
internal sealed class FakeServiceManager : IDisposable
{
    // Generous: it is only ever used up by a failure.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Socket _socket;
    private readonly string? _path;
    private readonly byte[] _buffer = new byte[65536];

    public FakeServiceManager(bool isAbstract = false, string? path = null)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "systemd runs on Linux.");
        var name = path ?? Path.Combine(Path.GetTempPath(), $"ss-{Guid.NewGuid():N}");
        _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        _path = isAbstract ? null : name;
        Address = isAbstract ? $"@{name}" : name;
        _socket.Bind(new UnixDomainSocketEndPoint(isAbstract ? $"\0{name}" : name));
        _socket.ReceiveTimeout = (int)Patience.TotalMilliseconds;
    }

    /// <summary>What NOTIFY_SOCKET would say.</summary>
    public string Address { get; }

    /// <summary>The next message; fails when none comes.</summary>
    public string Next()
    {
        try
        {
            return Encoding.UTF8.GetString(_buffer, 0, _socket.Receive(_buffer));
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
        {
            Assert.Fail($"No message came within {Patience}.");
            throw;
        }
    }

    /// <summary>Reads as many messages as are expected, which must be these, and looks that there is no other by now.</summary>
    public void Expect(params string[] messages) => Assert.Equal<IEnumerable<string>>(messages, [.. messages.Select(_ => Next()), .. All()]);

    /// <summary>All that has come by now.</summary>
    public IReadOnlyList<string> All()
    {
        var messages = new List<string>();
        while (_socket.Poll(TimeSpan.Zero, SelectMode.SelectRead))
        {
            messages.Add(Next());
        }

        return messages;
    }

    /// <summary>Reads up to and including a message, and gives all of them.</summary>
    public IReadOnlyList<string> Until(Predicate<string> isLast)
    {
        var messages = new List<string>();
        do
        {
            messages.Add(Next());
        }
        while (!isLast(messages[^1]));

        return messages;
    }

    public void Dispose()
    {
        _socket.Dispose();
        if (_path is not null)
        {
            File.Delete(_path);
        }
    }
}
