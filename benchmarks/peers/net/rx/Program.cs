// System.Reactive: PosixSignalRegistration -> Subject -> ObserveOn(event loop) -> Subscribe. Arguments: MODE [ARGUMENT]
// The handlers may run on several threads; ObserveOn keeps the subscriber's calls serial.
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Runtime.InteropServices;
using static SignalNumber;

var mode = args[0];
var argument = args.Length > 1 ? int.Parse(args[1]) : 0;
var registrations = new List<PosixSignalRegistration>();
var counter = new Counter();
using var subscription = mode switch
{
    "latency" => Listen(argument).Subscribe(_ => Output.Put('x')),
    "count" => Listen(argument, SIGINT).Subscribe(Count),
    "order" => Listen(SIGHUP, SIGTERM).Subscribe(signal => Output.Put(signal == SIGHUP ? 'h' : 't')),
    _ => throw new ArgumentException(mode),
};
Output.Put('r');
await Task.Delay(Timeout.Infinite);
GC.KeepAlive(registrations);

IObservable<int> Listen(params int[] signals)
{
    var subject = Subject.Synchronize(new Subject<int>());
    foreach (var signal in signals)
    {
        registrations.Add(PosixSignalRegistration.Create(ToPosixSignal(signal), context =>
        {
            context.Cancel = true;
            subject.OnNext(signal);
        }));
    }

    return subject.ObserveOn(new EventLoopScheduler());
}

void Count(int signal)
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
