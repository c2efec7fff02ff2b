using System.ComponentModel;
using System.Diagnostics;

namespace SignalStreams;

/// <summary>Knows who listens to what, holds one claim on the operating system for each event that anyone listens to, and gives each arrival to all of them.</summary>
/// <remarks>
/// <list type="number">
/// <item>A listener is in the routes before its event is claimed and leaves them before the claim is given up: what arrives while
/// the claim stands is delivered, or, with nobody in the routes, answered "not handled" so that the system's default follows.
/// Nothing in between is swallowed.</item>
/// <item>Sequence numbers are given, and copies made, under one gate: all listeners see one order.</item>
/// <item>The copy goes into every buffer first, then the readers are woken, none of them under a gate.</item>
/// </list>
/// </remarks>
internal sealed class SignalRouter : ISignalSink
{
    private readonly Lock _claimsGate = new();
    private readonly Lock _routesGate = new();
    private readonly EventTable<ISignalClaim> _claims = new();
    private readonly EventTable<Route> _routes = new();
    private readonly AttemptCounter _attempts;
    private readonly HandlingWait _handling;
    private int _escalating;
    private long _sequence;

    public SignalRouter(ISignalSource source, IProcessExit exit, TimeProvider time)
    {
        Source = source;
        Exit = exit;
        Time = time;
        Threads = new DeliveryThreads(() => ReceiverRehearsal.Run(this));
        _attempts = new AttemptCounter(time);
        _handling = new HandlingWait(time);
    }

    public event Action? ListenersChanged;

    /// <summary>The process is about to end, at one attempt too many, as soon as this returns.</summary>
    public event Action<ShutdownSignal>? LastAttempt;

    public ISignalSource Source { get; }

    public IProcessExit Exit { get; }

    public TimeProvider Time { get; }

    public DeliveryThreads Threads { get; }

    /// <summary>The hosts whose stop is a part of the end.</summary>
    public JoinedHosts Hosts { get; } = new();

    public int Attempts
    {
        get
        {
            lock (_routesGate)
            {
                return _attempts.Count;
            }
        }
    }

    public int MaxAttempts
    {
        get
        {
            lock (_routesGate)
            {
                return _attempts.Maximum;
            }
        }

        set
        {
            lock (_routesGate)
            {
                _attempts.Maximum = value;
            }
        }
    }

    /// <summary>Everybody who listens now, by event.</summary>
    public IReadOnlyList<Subscription> Snapshot()
    {
        lock (_routesGate)
        {
            return [.. _routes.Values.ToArray().SelectMany(route => route.Subscriptions)];
        }
    }

    /// <summary>Subscribes a listener to signals that were checked and normalised: to all of them, or, when the system refuses one, to none.</summary>
    /// <returns>Those of signals that stay ignored, as the process inherited them.</returns>
    public IReadOnlyList<Subscription> Subscribe(SignalListener listener, ShutdownSignal[] signals, bool overrideIgnored, bool forwardToOthers = false)
    {
        List<Subscription> ignored = [];
        lock (_claimsGate)
        {
            var first = listener.Subscriptions.Length == 0;
            var added = NewSubscriptions(listener, signals, forwardToOthers);
            foreach (var subscription in added)
            {
                // Before it can be given anything; an event that nobody has claimed yet is asked below.
                subscription.IsDeaf = !overrideIgnored && _claims.Find(subscription.Event) is { IsIgnored: true };
            }

            Enter(added);
            try
            {
                foreach (var subscription in added)
                {
                    Claim(subscription, overrideIgnored);
                    if (subscription.IsDeaf)
                    {
                        ignored.Add(subscription);
                    }
                }
            }
            catch
            {
                Leave(added);
                throw;
            }

            foreach (var known in listener.Subscriptions)
            {
                // Heard from now on.
                if (overrideIgnored && known.IsDeaf && signals.Contains(known.Name))
                {
                    Claim(known, overrideIgnored);
                }
            }

            if (first && added.Count > 0)
            {
                Entered(listener);
            }

            listener.Subscriptions = [.. listener.Subscriptions, .. added];
        }

        ListenersChanged?.Invoke();
        return ignored;
    }

    /// <summary>Ends a listener's subscriptions to some signals, or to all. The operating system has back what nobody listens to any more.</summary>
    public void Unsubscribe(SignalListener listener, Predicate<Subscription>? which = null)
    {
        lock (_claimsGate)
        {
            var leaving = Array.FindAll(listener.Subscriptions, which ?? (_ => true));
            if (leaving.Length == 0)
            {
                return;
            }

            listener.Subscriptions = leaving.Length == listener.Subscriptions.Length ? [] : [.. listener.Subscriptions.Except(leaving)];
            Leave(leaving);
            if (listener.Subscriptions.Length == 0)
            {
                Left(listener);
            }
        }

        Progressed();
        ListenersChanged?.Invoke();
    }

    /// <summary>Closes everybody, without raising anything again.</summary>
    public void CloseAll()
    {
        foreach (var listener in Snapshot().Select(s => s.Listener).Distinct())
        {
            listener.Drop();
        }
    }

    /// <summary>Raises again what a listener left unread when it closed as the last one of its kind.</summary>
    public void Redeliver(ShutdownSignal signal)
    {
        SignalCounts.Of(signal).AddRedelivered();
        SignalStreamsEventSource.Log.Redelivered(signal.GetName());

        // The kernel drops what process 1 of a pid namespace sends to itself and does not catch; see pid_namespaces(7).
        var mayBeDropped = Environment.ProcessId == 1 && Source.Backend.Kind is SignalBackendKind.Portable or SignalBackendKind.Native && !HasListeners(signal);
        if (mayBeDropped && !Dispositions.IsCaughtByRuntime(signal.GetNumber()))
        {
            Exit.EndNow(signal);
            return;
        }

        try
        {
            Source.Raise(signal);
            if (mayBeDropped)
            {
                Threads.Enqueue(new EndUnlessCancelled(signal, Exit));
            }
        }
        catch (Win32Exception e)
        {
            // Closing does not throw, and a seccomp filter that forbids kill(2) is no reason to.
            SignalStreamsEventSource.Log.RedeliveryFailed(e.ToString());
        }
    }

    public bool Record(in SignalArrival arrival, out SignalListener? wake)
    {
        Route? route;
        var isLastAttempt = false;
        lock (_routesGate)
        {
            route = _routes.Find(arrival.Event);
            if (route is null)
            {
                wake = null;
                return false;
            }

            isLastAttempt = Broadcast(in arrival, route) && _attempts.Add(arrival.Event, arrival.Timestamp);
        }

        if (isLastAttempt)
        {
            LastAttempt?.Invoke(arrival.Event);
            Exit.EndNow(arrival.Event);
        }

        // Interlocked, and so the fence against that of a reader that registers itself and then looks into its buffer once more: one of
        // the two sees the other.
        route.Counts.AddReceived();
        wake = Threads.EnqueueAllButOne(route.Subscriptions);
        return true;
    }

    public void WakeLater(SignalListener listener) => Threads.Wake(listener);

    public bool WaitUntilHandled(ShutdownSignal @event, TimeSpan limit)
    {
        SignalListener[] listeners;
        lock (_routesGate)
        {
            // Who has begun to listen since was not given it, and has nothing to be done with.
            listeners = _routes.Find(@event) is { } route ? [.. route.Subscriptions.Where(s => (s.Since < route.Last && !s.IsDeaf) || s.Listener.StandsInForAnother).Select(s => s.Listener)] : [];
        }

        return _handling.Wait(listeners, limit);
    }

    /// <summary>A listener tells that it may be done with what it was given.</summary>
    public void Progressed() => _handling.Progressed();

    /// <returns>Whether the arrival is an attempt to end the process, to somebody who counts them.</returns>
    private bool Broadcast(in SignalArrival arrival, Route route)
    {
        var delivery = new SignalDelivery
        {
            Signal = arrival.Event,
            Sequence = ++_sequence,
            Timestamp = arrival.Timestamp,
            Origin = arrival.Origin,
            Count = arrival.Count,
        };
        route.Last = delivery.Sequence;
        var escalates = false;
        foreach (var subscription in route.Subscriptions)
        {
            if (subscription.IsDeaf)
            {
                continue;
            }

            escalates |= subscription.Escalates;
            var outcome = subscription.Name == arrival.Event
                ? subscription.Listener.Record(subscription, in delivery, arrival.IsQueued)
                : subscription.Listener.Record(subscription, delivery with { Signal = subscription.Name }, arrival.IsQueued);
            if (outcome != RecordOutcome.Recorded)
            {
                route.Counts.Add(outcome);
            }
        }

        return escalates;
    }

    private bool HasListeners(ShutdownSignal @event)
    {
        lock (_routesGate)
        {
            return _routes.Find(@event) is not null;
        }
    }

    private List<Subscription> NewSubscriptions(SignalListener listener, ShutdownSignal[] signals, bool forwardToOthers)
    {
        List<Subscription> added = [];
        foreach (var name in signals)
        {
            foreach (var @event in Source.EventsOf(name))
            {
                // One event under two names is delivered once, under the first.
                if (!Array.Exists(listener.Subscriptions, s => s.Event == @event) && !added.Exists(s => s.Event == @event))
                {
                    added.Add(new Subscription(listener, @event, name) { ForwardsToOthers = forwardToOthers });
                }
            }
        }

        return added;
    }

    // All at one place of the order: a listener sees every delivery of its signals from there on.
    private void Enter(List<Subscription> entering)
    {
        lock (_routesGate)
        {
            foreach (var subscription in entering)
            {
                subscription.Since = _sequence;
                _routes.Set(subscription.Event, _routes.Find(subscription.Event) is { } route
                    ? route with { Subscriptions = [.. route.Subscriptions, subscription] }
                    : new Route([subscription], SignalCounts.Of(subscription.Event)));
            }
        }
    }

    private void Claim(Subscription subscription, bool overrideIgnored)
    {
        var claim = _claims.Find(subscription.Event);
        if (claim is null)
        {
            claim = Source.Claim(subscription.Event, this);
            _claims.Set(subscription.Event, claim);
        }

        if (subscription.ForwardsToOthers)
        {
            claim.ForwardToOthers(true);
        }

        subscription.IsDeaf = claim.IsIgnored && !overrideIgnored;
        if (claim.IsIgnored && overrideIgnored)
        {
            claim.OverrideIgnored(true);
        }
    }

    private void Leave(IReadOnlyCollection<Subscription> leaving)
    {
        List<Subscription> orphans = [];
        List<Subscription> unheard = [];
        List<Subscription> unasked = [];
        lock (_routesGate)
        {
            foreach (var subscription in leaving)
            {
                var route = _routes.Find(subscription.Event)!;
                if (route.Subscriptions.Length > 1)
                {
                    var others = Array.FindAll(route.Subscriptions, s => s != subscription);
                    var hearing = Array.FindAll(others, s => !s.IsDeaf);
                    subscription.OthersSince = hearing.Length > 0 ? hearing.Min(s => s.Since) : long.MaxValue;
                    if (hearing.Length == 0)
                    {
                        unheard.Add(subscription);
                    }

                    if (!Array.Exists(others, s => s.ForwardsToOthers))
                    {
                        unasked.Add(subscription);
                    }

                    _routes.Set(subscription.Event, route with { Subscriptions = others });
                }
                else
                {
                    _routes.Remove(subscription.Event);
                    orphans.Add(subscription);
                }
            }
        }

        // Whoever overrode the ignore is gone, and the others never asked for it.
        foreach (var left in unheard)
        {
            _claims.Find(left.Event)!.OverrideIgnored(false);
        }

        foreach (var left in unasked)
        {
            _claims.Find(left.Event)?.ForwardToOthers(false);
        }

        foreach (var orphan in orphans)
        {
            _claims.Remove(orphan.Event)?.Dispose();
        }
    }

    private void Entered(SignalListener listener)
    {
        Threads.Retain();
        if (listener.Escalates)
        {
            lock (_routesGate)
            {
                _escalating++;
            }
        }
    }

    private void Left(SignalListener listener)
    {
        Threads.Release();
        if (listener.Escalates)
        {
            lock (_routesGate)
            {
                Debug.Assert(_escalating > 0);
                if (--_escalating == 0)
                {
                    _attempts.Reset();
                }
            }
        }
    }

    private sealed record Route(Subscription[] Subscriptions, SignalCounts Counts)
    {
        /// <summary>The sequence number of its last arrival. Under the router's gate.</summary>
        public long Last { get; set; }
    }
}
