using FsCheck;
using FsCheck.Fluent;

namespace SignalStreams.Tests.Stress.Model;

/// <summary>Random programs and a simple picture of what the hub is to do with them.</summary>
public sealed class ModelTests
{
    [Fact]
    public void Any_sequence_of_steps_does_what_the_model_says()
    {
        var arbitrary = ArbMap.Default.ArbFor<Move[]>();
        var property = Prop.ForAll(arbitrary, (Move[] moves) => RunAsync(moves).GetAwaiter().GetResult());
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(300).WithQuietOnSuccess(true), property);
    }

    private static async Task RunAsync(Move[] moves)
    {
        using var hub = new HubModel();
        foreach (var move in moves)
        {
            await hub.MakeAsync(move);
        }

        await hub.EndAsync();
    }
}
