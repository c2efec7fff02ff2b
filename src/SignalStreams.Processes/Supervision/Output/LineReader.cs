namespace SignalStreams;

/// <summary>Cuts the blocks of a queue into lines. Whoever reads after another one goes on where that one stopped.</summary>
internal sealed class LineReader(LineQueue queue, int maxLineLength)
{
    private LineBlock? _block;
    private int _position;

    /// <summary>The next line of what is there.</summary>
    public OutputLine? TryTake()
    {
        while (true)
        {
            if (_block is { } block)
            {
                if (_position < block.Bytes.Length)
                {
                    return Cut(block);
                }

                _block = null;
                queue.Release(block);
            }

            if (!queue.Blocks.TryRead(out _block))
            {
                return null;
            }

            _position = 0;
        }
    }

    /// <returns>False when nothing more comes.</returns>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => queue.Blocks.WaitToReadAsync(cancellationToken);

    private OutputLine Cut(LineBlock block)
    {
        var rest = block.Bytes[_position..];
        var longest = Math.Min(rest.Length, maxLineLength);
        if (block.HasLines)
        {
            // One byte more: a line of just this length is whole.
            var length = rest.Span[..Math.Min(rest.Length, longest + 1)].IndexOf((byte)'\n');
            if (length >= 0)
            {
                _position += length + 1;
                return new OutputLine(rest[..length], block.IsError, IsComplete: true, block.ProcessId);
            }
        }

        _position += longest;
        return new OutputLine(rest[..longest], block.IsError, IsComplete: false, block.ProcessId);
    }
}
