using System.Net.Sockets;

namespace SignalStreams;

/// <summary>The way to the service manager: datagrams to a Unix socket, of which none waits. One thread at a time.</summary>
internal sealed class NotifySocket
{
    private readonly UnixDomainSocketEndPoint _address;
    private Socket? _socket;

    private NotifySocket(UnixDomainSocketEndPoint address) => _address = address;

    /// <summary>Reads the address: a path from the root, or a name that begins with "@" in the abstract namespace (unix(7)).</summary>
    /// <param name="address">The value of NOTIFY_SOCKET.</param>
    /// <param name="problem">Why nothing can be sent there, for people.</param>
    public static NotifySocket? TryOpen(string address, out string problem)
    {
        if (address.StartsWith("vsock", StringComparison.Ordinal))
        {
            problem = "it is an address of a virtual machine's host (AF_VSOCK), which .NET has no sockets for";
            return null;
        }

        if (address.Length < 2 || address[0] is not ('/' or '@'))
        {
            problem = "it is neither a path from the root nor a name that begins with \"@\"";
            return null;
        }

        try
        {
            problem = "";
            return new NotifySocket(new UnixDomainSocketEndPoint(address[0] == '@' ? $"\0{address[1..]}" : address));
        }
        catch (Exception e) when (e is ArgumentException or PlatformNotSupportedException)
        {
            problem = e.Message;
            return null;
        }
    }

    /// <summary>Sends now or not at all.</summary>
    public NotifyOutcome Send(ReadOnlySpan<byte> message, out SocketException? error)
    {
        error = null;
        try
        {
            _socket ??= new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };

            // Never connected: whoever binds the path next, after a restart of the manager, is heard to as well.
            _socket.SendTo(message, SocketFlags.None, _address);
            return NotifyOutcome.Sent;
        }
        catch (SocketException e)
        {
            error = e;
            return e.SocketErrorCode is SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable ? NotifyOutcome.Full : NotifyOutcome.Failed;
        }
    }

    /// <summary>Gives the socket back; a later message opens another.</summary>
    public void Close()
    {
        _socket?.Dispose();
        _socket = null;
    }
}
