namespace SignalStreams.Tests.Scopes.Model;

/// <summary>A scope or group as it is to be, beside the one that is.</summary>
internal sealed class ScopeNode(ScopeNode? parent, ScopeMove move)
{
    private TaskCompletionSource<Func<CancelScope, Task<bool>>>? _next;

    public ScopeNode? Parent { get; } = parent;

    public bool IsGroup { get; } = move.IsGroup;

    /// <summary>A body that notices a cancellation only when it is told to look.</summary>
    public bool IsStubborn { get; } = move.IsStubborn;

    public bool IsShielded { get; set; } = move.IsShielded;

    public int? Deadline { get; set; }

    public bool IsOwn { get; set; }

    public bool IsVisible { get; set; }

    public bool IsCancelled { get; set; }

    public bool IsCut { get; set; }

    public bool IsCaught { get; set; }

    public bool IsBodyDone { get; set; }

    public ScopeNode? Inner { get; set; }

    public List<ScopeNode> Children { get; } = [];

    public List<int> Errors { get; } = [];

    public ScopeOutcome? Outcome { get; set; }

    public bool IsWaiting => !IsBodyDone && Inner is null && Outcome is null;

    public CancelScope Scope { get; private set; } = null!;

    public TaskGroup? Group { get; private set; }

    public ScopeOutcome? RealOutcome { get; private set; }

    public List<int> RealErrors { get; } = [];

    public CancelScopeOptions Options(TimeProvider time) => IsGroup
        ? new TaskGroupOptions { Shield = IsShielded, TimeProvider = time }
        : new CancelScopeOptions { Shield = IsShielded, TimeProvider = time };

    /// <summary>Runs the real one, inside a scope or, as the child of a group, under its token.</summary>
    public async Task RunAsync(CancelScope? outer, TimeProvider time, CancellationToken token)
    {
        try
        {
            var options = Options(time);
#pragma warning disable CA2016 // Inside a scope the token is the scope's.
            await (options is TaskGroupOptions ofGroup
                ? outer is null ? TaskGroup.RunAsync(ofGroup, BodyAsync, token) : outer.RunTaskGroupAsync(ofGroup, BodyAsync)
                : outer is null ? CancelScope.RunAsync(options, scope => BodyAsync(scope), token) : outer.RunAsync(options, scope => BodyAsync(scope))).ConfigureAwait(false);
#pragma warning restore CA2016
            RealOutcome = ScopeOutcome.Done;
        }
        catch (OperationCanceledException)
        {
            RealOutcome = ScopeOutcome.Cancelled;
            throw;
        }
        catch (Exception e)
        {
            RealOutcome = ScopeOutcome.Failed;
            var errors = e is AggregateException aggregate ? aggregate.Flatten().InnerExceptions : [e];
            RealErrors.AddRange(errors.Select(error => Assert.IsType<ScopeModelException>(error).Number));
            throw;
        }
    }

    /// <summary>Has the real body do something; it ends if that says so.</summary>
    public void Do(Func<CancelScope, Task<bool>> step) => _next!.SetResult(step);

    private Task BodyAsync(TaskGroup group)
    {
        Group = group;
        return BodyAsync(group.CancelScope);
    }

    private async Task BodyAsync(CancelScope scope)
    {
        Scope = scope;
        while (true)
        {
            var step = await NextAsync(IsStubborn ? CancellationToken.None : scope.Token).ConfigureAwait(false);
            if (await step(scope).ConfigureAwait(false))
            {
                return;
            }
        }
    }

    // All on the thread of the test: what follows has happened when a move returns.
    private async Task<Func<CancelScope, Task<bool>>> NextAsync(CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        var next = new TaskCompletionSource<Func<CancelScope, Task<bool>>>();
        _next = next;
        using var registration = token.UnsafeRegister((_, token) => next.TrySetCanceled(token), null);
        return await next.Task.ConfigureAwait(false);
    }
}
