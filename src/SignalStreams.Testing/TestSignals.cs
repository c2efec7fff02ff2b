namespace SignalStreams.Testing;

/// <summary>Puts a test's hub behind <see cref="Signals"/>, for code that calls it directly.</summary>
public static class TestSignals
{
    /// <summary>Makes a hub, and lets <see cref="Signals"/> use it in this flow of execution until it is disposed.</summary>
    /// <remarks>
    /// <para>It is an <see cref="AsyncLocal{T}"/>: seen by what this method calls, awaits and starts from here on, and by nobody else, so that tests
    /// run in parallel. It is not seen by a test when an async initializer or a fixture installs it, since what an async method sets
    /// is gone when it returns to its caller; nor by threads that run already. There, pass <see cref="TestSignalHub.Hub"/> explicitly.</para>
    /// <para>Install it before the code under test opens anything: what is open stays with the hub that it was opened on.</para>
    /// </remarks>
    /// <param name="time">The clock for timestamps and attempts; the system's by default.</param>
    public static TestSignalHub Install(TimeProvider? time = null)
    {
        var previous = AmbientHub.Current;
        SignalHub? installed = null;
        var test = new TestSignalHub(time, () =>
        {
            // Another one that was installed after it stays.
            if (AmbientHub.Current == installed)
            {
                AmbientHub.Current = previous;
            }
        });
        AmbientHub.Current = installed = test.Hub;
        return test;
    }
}
