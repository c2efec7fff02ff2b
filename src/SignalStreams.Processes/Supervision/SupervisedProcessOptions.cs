namespace SignalStreams;

/// <summary>How a child is supervised. Copied at the start: later changes have no influence.</summary>
public sealed class SupervisedProcessOptions
{
    /// <summary>What it is called in messages.</summary>
    /// <value>Default: the file name of the program.</value>
    public string? Name { get; set; }

    /// <summary>How it is stopped when a token asks for that, and by <see cref="SupervisedProcess.StopAsync"/> without a plan.</summary>
    /// <value>Default: <see cref="StopPlan.Default"/>.</value>
    public StopPlan StopPlan
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    }

    = StopPlan.Default;

    /// <summary>When it is started again.</summary>
    /// <value>Default: <see cref="RestartPolicy.Never"/>.</value>
    public RestartPolicy Restart
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    }

    = RestartPolicy.Never;

    /// <summary>Where it stands towards the terminal and its signals.</summary>
    /// <value>Default: <see cref="ProcessPlace.Session"/>.</value>
    public ProcessPlace Place { get; set; } = ProcessPlace.Session;

    /// <summary>What becomes of descendants that outlive it.</summary>
    /// <value>Default: <see cref="LeftoverPolicy.Kill"/>.</value>
    public LeftoverPolicy Leftovers { get; set; } = LeftoverPolicy.Kill;

    /// <summary>The bytes after which a line is handed out in pieces.</summary>
    /// <value>1 to 1 GiB. Default: 16 MiB.</value>
    public int MaxLineLength { get; set; } = 16 * 1024 * 1024;

    /// <summary>Whether <see cref="SupervisedProcess.RunAsync(System.Diagnostics.ProcessStartInfo, SupervisedProcessOptions?, CancellationToken, CancellationToken)"/>
    /// throws a <see cref="ProcessFailedException"/> when the process ends with a code other than 0 or by a signal that nobody here asked for. In a
    /// <see cref="TaskGroup"/> this is what makes the group fail with it.</summary>
    /// <value>Default: false; the exit status is returned.</value>
    public bool ThrowOnFailure { get; set; }

    /// <summary>The clock of restarts and stops.</summary>
    /// <value>Default: <see cref="TimeProvider.System"/>.</value>
    public TimeProvider TimeProvider
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    }

    = TimeProvider.System;
}
