namespace SignalStreams;

/// <summary>How requests in flight are let finish.</summary>
public sealed class RequestDrainingOptions
{
    /// <summary>Whether answers that are given while the host drains ask the client to close the connection, so that it comes back to another instance.</summary>
    /// <value>Default true. HTTP/1.1 and 1.0: the header <c>Connection: close</c>; HTTP/2 and HTTP/3 have GOAWAY, which the server sends when it stops. Switching protocols (WebSockets) is
    /// left alone.</value>
    public bool CloseConnections { get; set; } = true;
}
