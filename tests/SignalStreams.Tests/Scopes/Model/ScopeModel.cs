namespace SignalStreams.Tests.Scopes.Model;

/// <summary>What a tree of scopes and groups is to do, beside what it does.</summary>
internal sealed class ScopeModel : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly CancellationTokenSource _caller = new();
    private readonly List<ScopeNode> _nodes = [];
    private readonly Task _run;
    private bool _isCallerCancelled;
    private int _now;
    private int _failures;

    public ScopeModel(ScopeMove root)
    {
        var node = new ScopeNode(null, root);
        _nodes.Add(node);
        _run = node.RunAsync(null, _time, _caller.Token);
    }

    public void Make(ScopeMove move)
    {
        ScopeNode[] living = [.. _nodes.Where(node => node.Outcome is null)];
        if (living.Length == 0)
        {
            return;
        }

        var node = living[move.Which % living.Length];
        switch (move.KindFor(node.Parent is null))
        {
            case ScopeMoveKind.Open when node.IsWaiting || (node.IsGroup && !node.IsBodyDone):
                Open(node, move);
                break;
            case ScopeMoveKind.End when node.IsWaiting:
                node.Do(_ => Task.FromResult(true));
                EndBody(node, ScopeOutcome.Done, []);
                break;
            case ScopeMoveKind.Fail when node.IsWaiting:
                var number = ++_failures;
                node.Do(_ => throw new ScopeModelException(number));
                EndBody(node, ScopeOutcome.Failed, [number]);
                break;
            case ScopeMoveKind.Notice when node.IsWaiting:
                node.Do(scope => scope.Token.IsCancellationRequested ? throw new OperationCanceledException(scope.Token) : Task.FromResult(false));
                if (node.IsCancelled)
                {
                    EndBody(node, ScopeOutcome.Cancelled, []);
                }

                break;
            case ScopeMoveKind.Cancel:
                node.Scope.Cancel($"move {move}");
                Cancel(node);
                break;
            case ScopeMoveKind.Shield:
                node.IsShielded = !node.IsShielded;
                node.Scope.Shield = node.IsShielded;
                Update(node);
                break;
            case ScopeMoveKind.Deadline:
                SetDeadline(node, move.Choice);
                break;
            case ScopeMoveKind.Advance:
                AdvanceToNextDeadline(living);
                break;
            case ScopeMoveKind.CancelCaller when move.Choice % 8 == 0:
                _caller.Cancel();
                _isCallerCancelled = true;
                Update(_nodes[0]);
                break;
            default:
                return;
        }

        Compare();
    }

    public async Task EndAsync()
    {
        while (_nodes.FindLast(node => node.IsWaiting) is { } last)
        {
            last.Do(_ => Task.FromResult(true));
            EndBody(last, ScopeOutcome.Done, []);
            Compare();
        }

        Assert.All(_nodes, node => Assert.NotNull(node.Outcome));
        await _run.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).WithLimit();
        Assert.Equal(0, _time.Timers);
    }

    /// <summary>How many scopes and groups there were of each outcome, and how deep the tree was.</summary>
    public void Count(Dictionary<string, int> counts)
    {
        foreach (var node in _nodes)
        {
            var kind = $"{(node.IsGroup ? "group" : "scope")} {(node.IsCaught ? "caught" : node.Outcome)}";
            counts[kind] = counts.GetValueOrDefault(kind) + 1;
            var depth = 1;
            for (var around = node.Parent; around is not null; around = around.Parent)
            {
                depth++;
            }

            counts["depth"] = Math.Max(counts.GetValueOrDefault("depth"), depth);
        }
    }

    public void Dispose() => _caller.Dispose();

    private void Open(ScopeNode node, ScopeMove move)
    {
        if (_nodes.Count >= 250)
        {
            return;
        }

        var child = new ScopeNode(node, move);
        _nodes.Add(child);
        if (node.IsGroup)
        {
            node.Children.Add(child);
            node.Group!.Start(token => child.RunAsync(null, _time, token));
        }
        else
        {
            node.Inner = child;
            node.Do(async scope =>
            {
                await child.RunAsync(scope, _time, CancellationToken.None).ConfigureAwait(false);
                return false;
            });
        }

        Update(child);
    }

    private void SetDeadline(ScopeNode node, byte choice)
    {
        int? deadline = null;
        if (choice % 8 != 0)
        {
            // No two at one moment: which of them comes first would be the timers' affair.
            deadline = _now + (1000 * (1 + choice));
            while (_nodes.Exists(other => other.Deadline == deadline))
            {
                deadline++;
            }
        }

        node.Deadline = deadline;
        node.Scope.Deadline = deadline is { } known ? Deadline.After(TimeSpan.FromMilliseconds(known - _now), _time) : Deadline.Never;
    }

    private void AdvanceToNextDeadline(ScopeNode[] living)
    {
        var next = living.Where(node => node.Deadline > _now && !node.IsOwn).MinBy(node => node.Deadline);
        if (next is not null)
        {
            _time.Advance(TimeSpan.FromMilliseconds(next.Deadline!.Value - _now));
            _now = next.Deadline.Value;
            Cancel(next);
        }
    }

    private void Cancel(ScopeNode node)
    {
        if (node.Outcome is null && !node.IsOwn)
        {
            node.IsOwn = true;
            Update(node);
        }
    }

    private bool IsCancelledAround(ScopeNode node) => node.Parent?.IsCancelled ?? _isCallerCancelled;

    private void Update(ScopeNode node)
    {
        if (node.Outcome is not null)
        {
            return;
        }

        node.IsVisible |= IsCancelledAround(node) && !node.IsShielded;
        if (node.IsCancelled || (!node.IsOwn && !node.IsVisible))
        {
            return;
        }

        node.IsCancelled = true;
        if (node.Inner is { } inner)
        {
            Update(inner);
        }

        foreach (var child in node.Children.ToList())
        {
            Update(child);
        }

        if (node.IsWaiting && !node.IsStubborn)
        {
            EndBody(node, ScopeOutcome.Cancelled, []);
        }
    }

    private void EndBody(ScopeNode node, ScopeOutcome outcome, IReadOnlyList<int> errors)
    {
        if (!node.IsGroup)
        {
            End(node, outcome, errors);
            return;
        }

        // Not waiting any more, before the failure cancels the group.
        node.IsBodyDone = true;
        node.Children.Add(node);
        Leave(node, node, outcome, errors);
    }

    // A child, or the body, leaves its group.
    private void Leave(ScopeNode group, ScopeNode leaver, ScopeOutcome outcome, IReadOnlyList<int> errors)
    {
        if (outcome == ScopeOutcome.Failed)
        {
            group.Errors.AddRange(errors);
            Cancel(group);
        }

        group.IsCut |= outcome == ScopeOutcome.Cancelled;
        group.Children.Remove(leaver);
        if (group.IsBodyDone && group.Children.Count == 0)
        {
            End(group, group.Errors.Count > 0 ? ScopeOutcome.Failed : group.IsCut ? ScopeOutcome.Cancelled : ScopeOutcome.Done, group.Errors);
        }
    }

    private void End(ScopeNode node, ScopeOutcome outcome, IReadOnlyList<int> errors)
    {
        node.IsVisible |= IsCancelledAround(node) && !node.IsShielded;
        if (outcome == ScopeOutcome.Cancelled && !node.IsVisible && node.IsOwn)
        {
            node.IsCaught = true;
            outcome = ScopeOutcome.Done;
        }

        node.Outcome = outcome;
        if (outcome == ScopeOutcome.Failed && !node.IsGroup)
        {
            node.Errors.AddRange(errors);
        }

        if (node.Parent is not { } parent)
        {
            return;
        }

        if (parent.IsGroup)
        {
            Leave(parent, node, outcome, errors);
            return;
        }

        parent.Inner = null;
        if (outcome != ScopeOutcome.Done)
        {
            EndBody(parent, outcome, errors);
        }
        else if (parent.IsCancelled && !parent.IsStubborn)
        {
            EndBody(parent, ScopeOutcome.Cancelled, []);
        }
    }

    private void Compare()
    {
        foreach (var node in _nodes)
        {
            Assert.Equal(node.Outcome, node.RealOutcome);
            Assert.Equal(node.IsCancelled, node.Scope.Token.IsCancellationRequested);
            Assert.Equal(node.IsOwn, node.Scope.CancelCalled);
            Assert.Equal(node.IsCaught, node.Scope.CancelledCaught);
            Assert.Equal(node.IsCancelled, node.Scope.Reason is not null);
            if (node.Outcome is not null)
            {
                // No error is lost, and none is invented.
                Assert.Equal(node.Errors.Order(), node.RealErrors.Order());
            }
        }
    }
}
