using FsCheck;
using FsCheck.Fluent;

namespace SignalStreams.Tests.Scopes.Model;

/// <summary>Random trees of scopes and groups, and a simple picture of what they are to do.</summary>
public sealed class ScopeModelTests
{
    // Cases; "SIGNALSTREAMS_SCOPE_CASES" asks for more than a test run has time for.
    private static readonly int Cases = int.TryParse(Environment.GetEnvironmentVariable("SIGNALSTREAMS_SCOPE_CASES"), out var cases) ? cases : 300;

    [Fact]
    public void Any_sequence_of_steps_does_what_the_model_says()
    {
        var counts = new Dictionary<string, int>();
        var property = Prop.ForAll(ArbMap.Default.ArbFor<ScopeMove[]>(), (ScopeMove[] moves) => RunAsync(moves, counts).GetAwaiter().GetResult());
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Cases).WithEndSize(200).WithQuietOnSuccess(true), property);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", counts.OrderBy(count => count.Key).Select(count => $"{count.Key}: {count.Value}")));

        // Done, caught, cancelled from around and failed, scopes and groups of each: a model of nothing would prove nothing.
        Assert.Equal(9, counts.Count);
    }

    private static async Task RunAsync(ScopeMove[] moves, Dictionary<string, int> counts)
    {
        using var model = new ScopeModel(moves.FirstOrDefault() ?? new ScopeMove(ScopeMoveKind.Open, 0, 0));
        foreach (var move in moves)
        {
            model.Make(move);
        }

        await model.EndAsync();
        model.Count(counts);
    }
}
