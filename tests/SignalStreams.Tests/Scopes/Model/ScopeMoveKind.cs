namespace SignalStreams.Tests.Scopes.Model;

public enum ScopeMoveKind
{
    Open,
    End,
    Fail,
    Notice,
    Cancel,
    Shield,
    Deadline,
    Advance,
    CancelCaller,
}
