using System.Runtime.InteropServices;
using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Snippets;

public sealed class MigrateFromPosixSignalRegistrationSnippets : SnippetTests
{
    [Fact]
    public void Before()
    {
        #region Before
        using var hup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            Reload();                   // on a thread of the pool, maybe twice at once
        });
        #endregion
        Assert.True(PosixSignalRegistration.Fire(PosixSignal.SIGHUP));
        Assert.Equal(["reloaded"], Console.Lines);
    }

    [Fact]
    public async Task After()
    {
        using var test = TestSignals.Install();
        var loop = LoopAsync();
        test.Raise(SIGHUP);
        await Console.LineAsync(TestToken);
        test.Dispose();
        await loop.WithLimit();
        Assert.Equal(["reloaded"], Console.Lines);

        async Task LoopAsync()
        {
            #region After
            await using var receiver = Signals.OpenSignalReceiver(SIGHUP);
            await foreach (var signal in receiver)
            {
                Reload();               // one after the other, in order
            }
            #endregion
        }
    }

    [Fact]
    public void Before_raw_number()
    {
        #region Before_raw_number
        using var usr1 = PosixSignalRegistration.Create((PosixSignal)10, _ => Reload());
        #endregion
        PosixSignalRegistration.Fire((PosixSignal)10);
        Assert.Equal(["reloaded"], Console.Lines);
    }

    [Fact]
    public void After_raw_number()
    {
        using var test = TestSignals.Install();

        #region After_raw_number
        using var receiver = Signals.OpenSignalReceiver(SIGUSR1);       // 10 on Linux, 30 on macOS
        #endregion
        test.Raise(SIGUSR1);
        Assert.True(receiver.TryReceive(out _));
    }

    private void Reload() => Console.WriteLine("reloaded");
}
