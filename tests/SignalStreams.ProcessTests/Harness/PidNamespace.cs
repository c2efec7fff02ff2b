namespace SignalStreams.ProcessTests;

/// <summary>Starts a child as process 1 of a pid namespace, where that is possible.</summary>
/// <remarks>The kernel gives process 1 no default action. What ends it is reported by unshare, whose child it is, as its own end.</remarks>
internal static class PidNamespace
{
    private static readonly string[] Unshare = ["unshare", "--pid", "--fork", "--mount-proc"];

    // What is in the way of it; null where nothing is.
    private static readonly Lazy<Task<string?>> Probe = new(async () =>
    {
        ChildProcess child;
        try
        {
            child = new ChildStart([.. Unshare, "true"]).Run();
        }
        catch (InvalidOperationException e)
        {
            // Not every system has it.
            return e.Message;
        }

        using (child)
        {
            var status = await child.WaitForExitAsync();
            return status == ExitStatus.Of(0) ? null : $"It is not permitted here: it {status}.";
        }
    });

    /// <summary>Starts one and waits until it is ready.</summary>
    public static Task<ChildProcess> StartReadyAsync(ChildStart start) => StartAsync(start, ChildProcess.StartReadyAsync);

    /// <summary>Starts one.</summary>
    public static Task<ChildProcess> StartAsync(ChildStart start) => StartAsync(start, inside => Task.FromResult(inside.Run()));

    private static async Task<ChildProcess> StartAsync(ChildStart start, Func<ChildStart, Task<ChildProcess>> run)
    {
        var obstacle = await Probe.Value;
        Assert.SkipUnless(obstacle is null, $"'{string.Join(' ', Unshare)}' needs util-linux and root. {obstacle} Process 1 of a pid namespace is not tested.");
        return await run(start with { Prefix = Unshare });
    }
}
