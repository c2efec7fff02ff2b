namespace SignalStreams.Processes.Tests;

public sealed class TreeMembersTests
{
    private static readonly UnixProcess Root = Process(100, parent: 10, session: 100, group: 100);

    [Fact]
    public void A_look_that_misses_all_of_a_session_does_not_lose_it()
    {
        var table = new Table();
        var tree = new TreeMembers(Root.Identity, table, isForStop: true);
        Assert.Equal([100], Look(Root));

        // The root has ended, and each of the chain that it has left forks the next and ends: nobody of the list was there any more when it was read.
        Assert.Empty(Look());
        Assert.Equal([150], Look(Process(150, parent: 1, session: 100, group: 150)));
        Assert.Empty(Look());
        Assert.Equal([170], Look(Process(170, parent: 1, session: 100, group: 150)));

        IEnumerable<int> Look(params UnixProcess[] living)
        {
            table.Living = [Process(10, 1, 10, 10), .. living];
            return tree.Find().Select(process => process.Id);
        }
    }

    [Fact]
    public void A_session_whose_leaders_group_is_empty_is_kept_while_somebody_is_in_it()
    {
        var table = new Table();
        var tree = new TreeMembers(Root.Identity, table, isForStop: true);
        Assert.Equal([100, 120], Look(Process(120, parent: 100, session: 120, group: 120)));
        Assert.Equal([100, 150], Look(Process(150, parent: 1, session: 120, group: 150)));
        Assert.Equal([100, 160], Look(Process(160, parent: 1, session: 120, group: 160)));

        IEnumerable<int> Look(UnixProcess other)
        {
            table.Living = [Process(10, 1, 10, 10), Root, other];
            return tree.Find().Select(process => process.Id).Order();
        }
    }

    [Fact]
    public void A_session_that_two_looks_have_found_empty_may_be_anothers()
    {
        var table = new Table();
        var tree = new TreeMembers(Root.Identity, table, isForStop: true);
        foreach (var living in (UnixProcess[][])[[Root], [], []])
        {
            table.Living = living;
            Assert.Equal(living.Length, tree.Find().Count);
        }

        table.Living = [Process(150, parent: 1, session: 100, group: 150)];
        Assert.Empty(tree.Find());
    }

    private static UnixProcess Process(int id, int parent, int session, int group) =>
        new() { Identity = new ProcessIdentity { Id = id, StartTime = id }, Parent = parent, Session = session, Group = group };

    private sealed class Table : IProcessTable
    {
        public IReadOnlyList<UnixProcess> Living { get; set; } = [];

        public ProcessLookup Find(int processId, out UnixProcess process)
        {
            process = Living.FirstOrDefault(living => living.Id == processId);
            return process.Id == processId ? ProcessLookup.Found : ProcessLookup.Gone;
        }

        public List<UnixProcess> ReadAll(Action<UnixProcess>? found = null)
        {
            foreach (var process in Living)
            {
                found?.Invoke(process);
            }

            return [.. Living];
        }
    }
}
