using System.Text;

namespace SignalStreams.Processes.Tests;

public sealed class ProcFileTableTests
{
    private const string Rest = " 1 12 11 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 4711 18446744073709551615 1";

    [Theory]
    [InlineData("12 (bash) S", "bash", false, false)]
    [InlineData("12 (a ) R (b) T", "a ) R (b", false, true)]
    [InlineData("12 (x) Z", "x", true, false)]
    [InlineData("12 () t", "", false, false)]
    [InlineData("12 (li\nne) S", "li?ne", false, false)]
    public void A_line_of_proc_is_read_whatever_the_name_holds(string start, string name, bool isEnded, bool isStopped)
    {
        Assert.True(ProcFileTable.TryParse(Encoding.UTF8.GetBytes(start + Rest), out var process));
        Assert.Equal((12, 4711L, name), (process.Id, process.Identity.StartTime, process.Identity.Name));
        Assert.Equal((1, 12, 11), (process.Parent, process.Group, process.Session));
        Assert.Equal((isEnded, isStopped), (process.IsEnded, process.IsStopped));
    }

    [Fact]
    public void A_first_thread_that_ended_before_the_others_is_no_end()
    {
        Assert.True(ProcFileTable.TryParse(Encoding.UTF8.GetBytes("12 (x) Z" + Rest.Replace(" 20 0 1 0 ", " 20 0 3 0 ", StringComparison.Ordinal)), out var process));
        Assert.False(process.IsEnded);
    }

    [Theory]
    [InlineData("")]
    [InlineData("12 (x")]
    [InlineData("12 (x) S 1 2")]
    public void A_line_that_is_cut_is_nobody(string line) => Assert.False(ProcFileTable.TryParse(Encoding.UTF8.GetBytes(line), out _));

    [Fact]
    public async Task The_table_shows_those_who_are_there()
    {
        using var child = await TestChild.SleepAsync();
        var found = new ProcFileTable().ReadAll().Single(process => process.Id == child.Id);
        Assert.Equal(("sleep", Environment.ProcessId, child.Id, child.Id), (found.Identity.Name, found.Parent, found.Group, found.Session));
        Assert.Equal(ProcessLookup.Found, new ProcFileTable().Find(child.Id, out var single));
        Assert.Equal(found, single);
    }

    [Fact]
    public async Task The_portable_table_knows_the_same_processes_by_group_and_session()
    {
        using var child = await TestChild.SleepAsync();
        var found = new PortableProcessTable().ReadAll().Single(process => process.Id == child.Id);
        Assert.Equal(("sleep", child.Id, child.Id), (found.Identity.Name, found.Group, found.Session));
        Assert.Equal(ProcessLookup.Found, new PortableProcessTable().Find(child.Id, out var single));
        Assert.Equal(found, single);
        Assert.Equal(ProcessLookup.Gone, new PortableProcessTable().Find(int.MaxValue, out _));
    }
}
