namespace SignalStreams;

/// <summary>The output of a series of runs: decides once for each stream who reads it, and hands out what the pumps read.</summary>
internal sealed class OutputCapture
{
    private readonly Lock _gate = new();
    private readonly CapturedStream[] _streams;
    private readonly int _maxLineLength;
    private readonly TimeProvider _time;
    private readonly LineQueue _queue;
    private readonly LineReader _reader;
    private ProcessRun? _run;
    private bool _isOver;

    public OutputCapture(bool redirectsOutput, bool redirectsError, int maxLineLength, TimeProvider time)
    {
        _streams = [new(isError: false, redirectsOutput), new(isError: true, redirectsError)];
        _maxLineLength = maxLineLength;
        _time = time;
        _queue = new LineQueue(time);
        _reader = new LineReader(_queue, maxLineLength);
    }

    /// <summary>The bytes that were dropped since nobody read them.</summary>
    public long Dropped => _queue.Dropped;

    /// <summary>A new run begins. What nobody has asked for of the last one is read now, so that its pipes can be closed.</summary>
    public void Begin(ProcessRun run)
    {
        lock (_gate)
        {
            if (_run is not null)
            {
                ReadUndecidedAsLines();
            }

            _run = run;
            _queue.Begin(run.Child.Identity.Id);
            foreach (var stream in _streams.Where(stream => stream.Use == StreamUse.Lines))
            {
                Pump(stream, run);
            }
        }
    }

    /// <summary>The bytes of the run that runs now, or ran last.</summary>
    public Stream TakeRaw(bool isError)
    {
        lock (_gate)
        {
            var stream = _streams[isError ? 1 : 0];
            switch (stream.Use)
            {
                case StreamUse.Inherited:
                    throw NotRedirected(stream.PropertyName, stream.RedirectName);
                case StreamUse.Lines:
                    throw new InvalidOperationException($"{stream.PropertyName} is read as lines already. Read one of the two: the lines, or the stream, which has to be taken before the first call of {nameof(SupervisedProcess.ReadLinesAsync)}, and before the process is stopped or started again.");
                default:
                    stream.Use = StreamUse.Raw;
                    _run!.IsReadRaw = true;
                    return stream.Of(_run.Child);
            }
        }
    }

    public static InvalidOperationException NotRedirected(string property, string redirect) =>
        new($"{property} is not redirected: it is that of this process. Set ProcessStartInfo.{redirect} before the start.");

    /// <summary>Decides for lines; a stream that is read as bytes is not among them.</summary>
    public LineReader AttachReader()
    {
        lock (_gate)
        {
            if (_streams.All(stream => stream.Use == StreamUse.Inherited))
            {
                throw new InvalidOperationException("Neither standard output nor standard error is redirected: there are no lines to read. Set ProcessStartInfo.RedirectStandardOutput or RedirectStandardError before the start.");
            }

            if (_streams.All(stream => stream.Use is StreamUse.Inherited or StreamUse.Raw))
            {
                throw new InvalidOperationException($"What is redirected is read as bytes already ({nameof(SupervisedProcess.StandardOutput)}, {nameof(SupervisedProcess.StandardError)}). Read one of the two: the stream, or the lines.");
            }

            if (!_queue.TryAttachReader())
            {
                throw new InvalidOperationException("Somebody reads the lines already, and each line goes to one reader. End that reading first (the next one goes on where it ended), or pass the lines on from there.");
            }

            ReadUndecidedAsLines();
            CompleteIfOver();
            return _reader;
        }
    }

    public void DetachReader() => _queue.DetachReader();

    /// <summary>From now on nothing that nobody reads holds the process up.</summary>
    public void BeginStop()
    {
        lock (_gate)
        {
            ReadUndecidedAsLines();
        }

        _queue.DropWhatNobodyReads();
    }

    /// <summary>No further run comes.</summary>
    public void End()
    {
        lock (_gate)
        {
            _isOver = true;
            CompleteIfOver();
        }
    }

    // Under the gate.
    private void ReadUndecidedAsLines()
    {
        foreach (var stream in _streams.Where(stream => stream.Use == StreamUse.Undecided))
        {
            stream.Use = StreamUse.Lines;
            if (_run is not null)
            {
                Pump(stream, _run);
            }
        }
    }

    // Under the gate; the pump itself runs elsewhere.
    private void Pump(CapturedStream stream, ProcessRun run)
    {
#pragma warning disable CA2000 // The run disposes it.
        var pump = new LinePump(stream.Of(run.Child), stream.IsError, run.Child.Identity.Id, _maxLineLength, _queue, _time);
#pragma warning restore CA2000
        var previous = stream.Pumping;
        stream.Pumping = Task.Run(
            async () =>
            {
                await previous.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await pump.RunAsync(run.Child.Exit).ConfigureAwait(false);
            },
            CancellationToken.None);
        run.Add(pump, stream.Pumping);
    }

    // Under the gate. A stream that nobody has asked for keeps what is in its pipe until somebody does.
    private void CompleteIfOver()
    {
        if (_isOver && _streams.All(stream => stream.Use != StreamUse.Undecided))
        {
            _ = CompleteAfterAsync(Task.WhenAll(_streams.Select(stream => stream.Pumping)));
        }
    }

    private async Task CompleteAfterAsync(Task pumps)
    {
        await pumps.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _queue.Complete();
    }
}
