namespace SignalStreams.ProcessTests;

/// <summary>How a program fared whose listening a signal raced: one outcome alone is no race, and proves nothing.</summary>
internal sealed class Outcomes
{
    private const int Patience = 10;

    private int _died;
    private int _arrived;

    public bool AreBothSeen => _died > 0 && _arrived > 0;

    /// <summary>Whether to go on: for as many as are wanted, and for several times as many where chance has shown only one outcome so far.</summary>
    public bool NeedMore(int wanted) => _died + _arrived < (AreBothSeen ? wanted : Patience * wanted);

    public void Add(bool hasDied) => (hasDied ? ref _died : ref _arrived)++;

    public void AssertBothSeen()
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"{_died} died, {_arrived} arrived");
        Assert.True(AreBothSeen, $"No race: {_died} died, {_arrived} arrived.");
    }
}
