namespace SignalStreams.Processes.Tests;

/// <summary>When a group is sent a signal as one.</summary>
public sealed class GroupMembersTests
{
    // Signal 0 is delivered to nobody.
    private const int Nothing = 0;

    [Fact]
    public async Task A_group_that_lives_is_sent_it_at_once()
    {
        using var child = await TestChild.BashAsync("sleep 1000 & echo ready; wait");
        var members = MembersOf(child.Id);
        Assert.Equal(2, members.TrySendAll(Nothing, _ => SendOutcome.Sent)!.Count);
    }

    [Theory]
    [InlineData(SendOutcome.NotPermitted)]
    [InlineData(SendOutcome.NotDeliverable)]
    public async Task Where_one_may_not_be_signalled_nothing_is_sent(SendOutcome outcome)
    {
        using var child = await TestChild.BashAsync("sleep 1000 & echo ready; wait");
        await child.FamilyAsync(2);
        Assert.Null(MembersOf(child.Id).TrySendAll(SIGKILL.GetNumber(), member => member.Id == child.Id ? outcome : SendOutcome.Sent));
        Assert.Equal(2, child.Family().Count);
    }

    [Fact]
    public async Task Where_nobody_is_known_to_live_nothing_is_sent()
    {
        using var child = await TestChild.BashAsync("sleep 1000 & echo ready; wait");
        await child.FamilyAsync(2);
        Assert.Null(MembersOf(child.Id).TrySendAll(SIGKILL.GetNumber(), _ => SendOutcome.Gone));
        Assert.Equal(2, child.Family().Count);
    }

    [Fact]
    public async Task Our_own_group_is_not_sent_it_as_one()
    {
        // Two: this process, which is passed over, and the child.
        using var child = TestChild.StartInOurGroup("bash", "-c", "echo ready; exec sleep 1000");
        await child.ExpectAsync("ready");
        var members = MembersOf(LibC.OwnGroup());
        Assert.Contains(child.Id, members.Find().Select(member => member.Id));
        Assert.Null(members.TrySendAll(Nothing, _ => SendOutcome.Sent));
    }

    private static GroupMembers MembersOf(int group) => new(ProcessTarget.Group(group), ProcessTable.Shared, isForStop: true);
}
