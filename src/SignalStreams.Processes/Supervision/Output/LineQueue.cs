using System.Threading.Channels;

namespace SignalStreams;

/// <summary>What was read and not yet handed out: bounded by bytes, so that ten lines of 10 MB count as what they are.</summary>
/// <remarks>The pumps put blocks in and wait while it is full, so the child waits in its turn. Lines are cut by the reader: what nobody reads costs no
/// objects.</remarks>
internal sealed class LineQueue(TimeProvider time)
{
    /// <summary>Above this many bytes the pumps wait.</summary>
    public const int Limit = 1024 * 1024;

    /// <summary>How long a reader that does not go on holds up a process that is being stopped.</summary>
    public static readonly TimeSpan ReaderPatience = TimeSpan.FromSeconds(1);

    private readonly Channel<LineBlock> _blocks = Channel.CreateUnbounded<LineBlock>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Lock _gate = new();
    private TaskCompletionSource? _room;
    private long _bytes;
    private long _dropped;
    private bool _isDropping;
    private bool _hasReader;
    private int _currentProcess;

    /// <summary>The bytes that were dropped since nobody read them.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public ChannelReader<LineBlock> Blocks => _blocks.Reader;

    /// <summary>Puts a block in; waits while there is no room.</summary>
    public async ValueTask AddAsync(LineBlock block, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task room;
            bool mayDrop;
            lock (_gate)
            {
                if (_bytes < Limit)
                {
                    _bytes += block.Bytes.Length;
                    _blocks.Writer.TryWrite(block);
                    return;
                }

                mayDrop = _isDropping;
                if (!_hasReader && (mayDrop || block.ProcessId != _currentProcess))
                {
                    break;
                }

                room = (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            try
            {
                await room.WaitAsync(mayDrop ? ReaderPatience : Timeout.InfiniteTimeSpan, time, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                // The reader may be what waits for the stop.
                break;
            }
        }

        Interlocked.Add(ref _dropped, block.Bytes.Length);
    }

    /// <summary>The reader is done with a block.</summary>
    public void Release(LineBlock block)
    {
        TaskCompletionSource? room = null;
        lock (_gate)
        {
            _bytes -= block.Bytes.Length;
            if (_bytes < Limit)
            {
                (room, _room) = (_room, null);
            }
        }

        room?.TrySetResult();
    }

    /// <summary>What earlier processes wrote is dropped from now on where it has no room and no reader: their pipes are not to pile up.</summary>
    public void Begin(int processId)
    {
        TaskCompletionSource? room;
        lock (_gate)
        {
            _currentProcess = processId;
            (room, _room) = (_room, null);
        }

        room?.TrySetResult();
    }

    /// <summary>From now on what has no room and no reader is dropped, so that a process can write its last words and end.</summary>
    public void DropWhatNobodyReads()
    {
        TaskCompletionSource? room;
        lock (_gate)
        {
            _isDropping = true;
            (room, _room) = (_room, null);
        }

        room?.TrySetResult();
    }

    /// <returns>False when there is a reader.</returns>
    public bool TryAttachReader()
    {
        lock (_gate)
        {
            if (_hasReader)
            {
                return false;
            }

            return _hasReader = true;
        }
    }

    public void DetachReader()
    {
        TaskCompletionSource? room;
        lock (_gate)
        {
            _hasReader = false;
            (room, _room) = (_room, null);
        }

        room?.TrySetResult();
    }

    /// <summary>Nothing more comes.</summary>
    public void Complete() => _blocks.Writer.TryComplete();
}
