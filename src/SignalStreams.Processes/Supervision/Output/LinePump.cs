namespace SignalStreams;

/// <summary>Reads one stream of one process to its end, and puts what it reads into the queue in blocks of whole lines.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>Lines are slices of the buffer that was read into: no byte is copied but those of a line that does not fit into the rest of its buffer. A
/// buffer is filled to its end before the next one is taken, so keeping a line keeps 80 KB at most, or what the line needs.</item>
/// <item>The end of the stream may never come: a descendant that escaped, or that is kept, can hold the pipe open. Once the process has ended there is
/// a short time for what it wrote; after that only what is there already is read, and no more than a pipe can hold.</item>
/// </list>
/// </remarks>
internal sealed class LinePump(Stream stream, bool isError, int processId, int maxLineLength, LineQueue queue, TimeProvider time) : IDisposable
{
    /// <summary>How long what the process wrote may take to arrive once it has ended.</summary>
    public static readonly TimeSpan DrainPatience = TimeSpan.FromMilliseconds(250);

    // Where a stream cannot answer at once whether there is something.
    private static readonly TimeSpan LastLook = TimeSpan.FromMilliseconds(50);

    // Below the size from which objects go to the large object heap.
    private const int BufferSize = 80 * 1024;

    private const int SmallestRead = 16 * 1024;

    // A pipe holds 64 KiB, and 1 MiB at most unless root has raised the limit (pipe(7), pipe-max-size).
    private const int LargestPipe = 1024 * 1024;

    private readonly CancellationTokenSource _abandoned = new();
    private readonly CancellationTokenSource _drained = new();
    private byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
    private int _lineStart;
    private int _end;
    private int _readAfterEnd;

    public async Task RunAsync(Task exit)
    {
        using var drain = CancellationTokenSource.CreateLinkedTokenSource(_abandoned.Token, _drained.Token);
        var watch = DrainAfterAsync(exit);
        try
        {
            while (await ReadAsync(drain.Token).ConfigureAwait(false) is > 0 and var count)
            {
                await PassOnAsync(count).ConfigureAwait(false);
            }

            if (_end > _lineStart)
            {
                await PassOnAsync(_end - _lineStart, hasLines: false).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_abandoned.IsCancellationRequested)
        {
            // Nobody wants the rest.
        }
        finally
        {
            await _abandoned.CancelAsync().ConfigureAwait(false);
            await watch.ConfigureAwait(false);
        }
    }

    /// <summary>Ends it where it is.</summary>
    public void Abandon() => _abandoned.Cancel();

    public void Dispose()
    {
        _abandoned.Dispose();
        _drained.Dispose();
    }

    private async Task DrainAfterAsync(Task exit)
    {
        try
        {
            await exit.WaitAsync(_abandoned.Token).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // However the wait for the process ended: it is over, and who waits for its status is told.
        catch
#pragma warning restore CA1031
        {
        }

        try
        {
            await Task.Delay(DrainPatience, time, _abandoned.Token).ConfigureAwait(false);
            await _drained.CancelAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async ValueTask<int> ReadAsync(CancellationToken drained)
    {
        MakeRoom();
        var room = _buffer.AsMemory(_end);
        try
        {
            return await stream.ReadAsync(room, drained).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!_abandoned.IsCancellationRequested)
        {
            return await ReadWhatIsThereAsync(room).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // Closed by somebody: that is its end.
            return 0;
        }
    }

    private async ValueTask<int> ReadWhatIsThereAsync(Memory<byte> room)
    {
        if (_readAfterEnd >= LargestPipe)
        {
            return 0;
        }

        using var look = CancellationTokenSource.CreateLinkedTokenSource(_abandoned.Token);
        try
        {
            var read = stream.ReadAsync(room, look.Token).AsTask();
            if (!read.IsCompleted)
            {
                await Task.WhenAny(read, Task.Delay(LastLook, time, look.Token)).ConfigureAwait(false);
                await look.CancelAsync().ConfigureAwait(false);
            }

            var count = await read.ConfigureAwait(false);
            _readAfterEnd += count;
            return count;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            return 0;
        }
    }

    private void MakeRoom()
    {
        if (_buffer.Length - _end >= SmallestRead)
        {
            return;
        }

        // What was handed out stays as it is; only the beginning of a line moves.
        var begun = _buffer.AsSpan(_lineStart, _end - _lineStart);
        var size = Math.Min(Math.Max(BufferSize, (begun.Length * 2L) + SmallestRead), (long)maxLineLength + BufferSize);
        var next = GC.AllocateUninitializedArray<byte>((int)Math.Max(size, begun.Length + SmallestRead));
        begun.CopyTo(next);
        _end = begun.Length;
        _lineStart = 0;
        _buffer = next;
    }

    private async ValueTask PassOnAsync(int count)
    {
        var lastLineFeed = _buffer.AsSpan(_end, count).LastIndexOf((byte)'\n');
        var whole = lastLineFeed < 0 ? 0 : _end + lastLineFeed + 1 - _lineStart;
        _end += count;
        if (whole > 0)
        {
            await PassOnAsync(whole, hasLines: true).ConfigureAwait(false);
        }

        // A piece is cut only when a byte of the line follows it, so that where lines are cut does not depend on how the bytes came.
        var pieces = (_end - _lineStart - 1) / maxLineLength;
        if (pieces > 0)
        {
            await PassOnAsync(pieces * maxLineLength, hasLines: false).ConfigureAwait(false);
        }
    }

    private ValueTask PassOnAsync(int length, bool hasLines)
    {
        var block = new LineBlock(_buffer.AsMemory(_lineStart, length), hasLines, isError, processId);
        _lineStart += length;
        return queue.AddAsync(block, _abandoned.Token);
    }
}
