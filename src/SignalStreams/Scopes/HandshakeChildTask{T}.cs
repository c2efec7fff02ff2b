namespace SignalStreams;

/// <summary>A child of a task group that says when it has started; until then its error belongs to the one who waits for that.</summary>
internal sealed class HandshakeChildTask<T>(TaskGroup group, string name, Func<Action<T>, CancellationToken, Task> start, Handshake<T> handshake)
    : ChildTask(group, name, token => start(handshake.Say, token))
{
    public override bool GivesAwayError() => handshake.End(this);
}
