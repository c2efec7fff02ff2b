namespace SignalStreams.Tests.Stress.Model;

public enum MoveKind
{
    OpenReceiver,
    CloseReceiver,
    Add,
    Remove,
    Raise,
    RaiseQueued,
    Receive,
    CancelReceive,
    OpenToken,
    CloseToken,
}
