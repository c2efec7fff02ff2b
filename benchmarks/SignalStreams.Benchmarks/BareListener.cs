using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace SignalStreams.Benchmarks;

/// <summary>What a user would write by hand: a registration that writes into a bounded channel.</summary>
internal sealed class BareListener : IDisposable
{
    private readonly Channel<SignalDelivery> _channel = Channel.CreateBounded<SignalDelivery>(64);
    private readonly PosixSignalRegistration _registration;

    public BareListener(ShutdownSignal signal) =>
        _registration = PosixSignalRegistration.Create(signal.ToPosixSignal(), context =>
        {
            context.Cancel = true;
            _channel.Writer.TryWrite(new SignalDelivery { Signal = signal, Timestamp = Stopwatch.GetTimestamp(), Count = 1 });
        });

    public IAsyncEnumerable<SignalDelivery> ReadAllAsync() => _channel.Reader.ReadAllAsync();

    public void Dispose()
    {
        _registration.Dispose();
        _channel.Writer.TryComplete();
    }
}
