using System.Diagnostics;

namespace SignalStreams.Processes.Tests.Windows.Real;

/// <summary>Whole programs that use the library: what becomes of their children, of their consoles and of themselves.</summary>
public sealed class WindowsOwnerTests
{
    public WindowsOwnerTests() => WindowsPrograms.Require();

    [Fact]
    public async Task Killed_owner_leaves_no_child_behind()
    {
        using var owner = Process.Start(WindowsOwner.Info("hold"))!;
        var ids = await FamilyAsync(owner.StandardOutput);
        Assert.All(ids, id => Assert.True(WindowsPrograms.Lives(id)));
        WindowsSystem.Terminate(owner.Id);
        await WindowsPrograms.AssertGoneAsync(ids);
    }

    [Fact]
    public async Task Owner_in_a_job_of_ours_is_killed_with_the_jobs_of_its_children()
    {
        await using var owner = SupervisedProcess.Start(WindowsOwner.Info("hold"));
        using var output = new StreamReader(owner.StandardOutput);
        var ids = await FamilyAsync(output);
        owner.Kill();
        await WindowsPrograms.AssertGoneAsync([owner.Id, .. ids]);
    }

    [Fact]
    public async Task Event_on_a_shared_console_hits_the_one_that_is_meant_and_not_its_owner_nor_others() => Assert.Equal(
        [
            "shared NotDeliverable NotDeliverable", "leader Sent 40", "own Sent 40", "foreign leader Sent True 40",
            "hit sibling event 0 0", "hit shared event 0 0", "hit foreign event 0 True", "hit owner 1",
        ],
        await LinesAsync("console"));

    [Fact]
    public async Task Child_that_leads_a_group_on_our_console_is_asked_and_then_killed_and_its_neighbour_is_not_hit() => Assert.Equal(
        [
            "wait Graceful 40",
            "deaf Killed -1",
            WindowsSystem.IsWine ? "wait Killed -1 SIGTERM the system refused the console event (error 6)." : "wait Graceful 41",
            "hit event 0",
        ],
        await LinesAsync("groups"));

    [Fact]
    public async Task Stop_of_ones_own_tree_ends_all_but_oneself() => Assert.Equal(["Killed -1 -1"], await LinesAsync("own tree"));

    private static async Task<List<int>> FamilyAsync(StreamReader output)
    {
        var lines = new List<string>();
        try
        {
            while (await output.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(WindowsPrograms.Limit) is { } line && line != "holding")
            {
                lines.Add(line);
            }
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Within {WindowsPrograms.Limit} there was no other line after:\n{string.Join('\n', lines)}");
        }

        Assert.True(lines.Count == 6, string.Join('\n', lines));
        return [.. lines.Select(WindowsPrograms.IdOf)];
    }

    // All but who is ready.
    private static async Task<IEnumerable<string>> LinesAsync(string mode)
    {
        await using var owner = SupervisedProcess.Start(WindowsOwner.Info(mode));
        var lines = await WindowsPrograms.LinesAsync(owner);
        Assert.True((await owner.Completion.WaitAsync(WindowsPrograms.Limit)).IsSuccess, string.Join('\n', lines.Select(line => line.Text)));
        return lines.Select(line => line.Text).Where(text => !text.StartsWith("ready ", StringComparison.Ordinal));
    }
}
