// Mono.Posix.NETStandard: UnixSignal.WaitAny on the main thread. Arguments: MODE [ARGUMENT]
using Mono.Unix;
using Mono.Unix.Native;
using static SignalNumber;

var mode = args[0];
var argument = args.Length > 1 ? int.Parse(args[1]) : 0;
switch (mode)
{
    case "latency":
        EchoEach();
        break;
    case "count":
        Count();
        break;
    case "order":
        EchoOrder();
        break;
    default:
        return 2;
}

return 0;

static UnixSignal Listen(int number) =>
    number >= 34 ? new UnixSignal(new RealTimeSignum(number - 34)) : new UnixSignal(NativeConvert.ToSignum(number));

// The count and its setter are all that there is: a signal between the two lines is lost.
static int Take(UnixSignal signal)
{
    var count = signal.Count;
    if (count > 0)
    {
        signal.Count = 0;
    }

    return count;
}

void EchoEach()
{
    UnixSignal[] signals = [Listen(argument)];
    Output.Put('r');
    while (true)
    {
        UnixSignal.WaitAny(signals, -1);
        for (var count = Take(signals[0]); count > 0; count--)
        {
            Output.Put('x');
        }
    }
}

void Count()
{
    UnixSignal[] signals = [Listen(argument), Listen(SIGINT)];
    var counter = new Counter();
    Output.Put('r');
    while (true)
    {
        UnixSignal.WaitAny(signals, -1);
        var count = Take(signals[0]);
        if (count > 0)
        {
            counter.Add(count);
        }

        if (signals[1].Reset())
        {
            counter.PutSummary();
        }
    }
}

// WaitAny takes the wake-ups of all its signals, but returns one index: look at all of them, that one first.
void EchoOrder()
{
    UnixSignal[] signals = [Listen(SIGHUP), Listen(SIGTERM)];
    Output.Put('r');
    while (true)
    {
        var first = UnixSignal.WaitAny(signals, -1) == 1 ? 1 : 0;
        Put(first);
        Put(1 - first);
    }

    void Put(int index)
    {
        for (var count = Take(signals[index]); count > 0; count--)
        {
            Output.Put(index == 0 ? 'h' : 't');
        }
    }
}
