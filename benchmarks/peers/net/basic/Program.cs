// .NET without packages. Arguments: KIND MODE [ARGUMENT]
//   raw   PosixSignalRegistration, the work done in the handler
//   chan  PosixSignalRegistration -> bounded Channel -> await foreach (capacity: PEERS_CAP, 64 without it)
//   cts   mode shutdown: PosixSignalRegistration -> CancellationTokenSource -> Task.WhenAll
using System.Runtime.InteropServices;
using System.Threading.Channels;
using static SignalNumber;

var (kind, mode) = (args[0], args[1]);
var argument = args.Length > 2 ? int.Parse(args[2]) : 0;
return (kind, mode) switch
{
    ("raw", "latency") => await EchoInHandlerAsync(),
    ("raw", "count") => await CountInHandlerAsync(),
    ("raw", "order") => await EchoOrderInHandlerAsync(),
    ("chan", "latency") => await EchoAsync(),
    ("chan", "count") => await CountAsync(),
    ("chan", "order") => await EchoOrderAsync(),
    ("cts", "shutdown") => await StopTasksAsync(),
    _ => 2,
};

async Task<int> EchoInHandlerAsync()
{
    using var registration = PosixSignalRegistration.Create(ToPosixSignal(argument), context =>
    {
        context.Cancel = true;
        Output.Put('x');
    });
    Output.Put('r');
    await Task.Delay(Timeout.Infinite);
    return 0;
}

async Task<int> CountInHandlerAsync()
{
    var counter = new Counter();
    using var counted = PosixSignalRegistration.Create(ToPosixSignal(argument), context =>
    {
        context.Cancel = true;
        counter.AddConcurrently();
    });
    using var asked = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
    {
        context.Cancel = true;
        counter.PutSummary();
    });
    Output.Put('r');
    await Task.Delay(Timeout.Infinite);
    return 0;
}

async Task<int> EchoOrderInHandlerAsync()
{
    using var hup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
    {
        context.Cancel = true;
        Output.Put('h');
    });
    using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
    {
        context.Cancel = true;
        Output.Put('t');
    });
    Output.Put('r');
    await Task.Delay(Timeout.Infinite);
    return 0;
}

static Channel<int> CreateChannel()
{
    var capacity = int.TryParse(Environment.GetEnvironmentVariable("PEERS_CAP"), out var given) ? given : 64;
    return Channel.CreateBounded<int>(new BoundedChannelOptions(capacity) { SingleReader = true });
}

static PosixSignalRegistration Forward(int signal, Channel<int> channel) =>
    PosixSignalRegistration.Create(ToPosixSignal(signal), context =>
    {
        context.Cancel = true;
        channel.Writer.TryWrite(signal);
    });

async Task<int> EchoAsync()
{
    var channel = CreateChannel();
    using var registration = Forward(argument, channel);
    Output.Put('r');
    await foreach (var _ in channel.Reader.ReadAllAsync())
    {
        Output.Put('x');
    }

    return 0;
}

async Task<int> CountAsync()
{
    var channel = CreateChannel();
    var counter = new Counter();
    using var counted = Forward(argument, channel);
    using var asked = Forward(SIGINT, channel);
    Output.Put('r');
    await foreach (var signal in channel.Reader.ReadAllAsync())
    {
        if (signal == SIGINT)
        {
            counter.PutSummary();
        }
        else
        {
            counter.Add();
        }
    }

    return 0;
}

async Task<int> EchoOrderAsync()
{
    var channel = CreateChannel();
    using var hup = Forward(SIGHUP, channel);
    using var term = Forward(SIGTERM, channel);
    Output.Put('r');
    await foreach (var signal in channel.Reader.ReadAllAsync())
    {
        Output.Put(signal == SIGHUP ? 'h' : 't');
    }

    return 0;
}

async Task<int> StopTasksAsync()
{
    using var source = new CancellationTokenSource();
    using var registration = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
    {
        context.Cancel = true;
        source.Cancel();
    });
    var stopped = 0;
    var tasks = Enumerable.Range(0, argument).Select(_ => WaitAsync()).ToArray();
    Output.Put('r');
    await Task.WhenAll(tasks);
    Output.Put($"stopped={stopped}\n");
    return 0;

    async Task WaitAsync()
    {
        try
        {
            await Task.Delay(Timeout.Infinite, source.Token);
        }
        catch (OperationCanceledException)
        {
            Interlocked.Increment(ref stopped);
        }
    }
}
