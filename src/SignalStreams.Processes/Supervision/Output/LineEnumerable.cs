namespace SignalStreams;

/// <summary>The lines for <c>await foreach</c>; claims the one reader's place when it begins, and gives it back when it ends.</summary>
internal sealed class LineEnumerable(OutputCapture capture, CancellationToken cancellationToken) : IAsyncEnumerable<OutputLine>
{
    public IAsyncEnumerator<OutputLine> GetAsyncEnumerator(CancellationToken token = default) =>
        new Enumerator(capture, capture.AttachReader(), cancellationToken, token);

    private sealed class Enumerator : IAsyncEnumerator<OutputLine>
    {
        private readonly OutputCapture _capture;
        private readonly LineReader _reader;
        private readonly CancellationTokenSource? _linked;
        private readonly CancellationToken _token;
        private OutputLine? _current;
        private bool _isDisposed;

        public Enumerator(OutputCapture capture, LineReader reader, CancellationToken first, CancellationToken second)
        {
            _capture = capture;
            _reader = reader;
            _linked = first.CanBeCanceled && second.CanBeCanceled && first != second ? CancellationTokenSource.CreateLinkedTokenSource(first, second) : null;
            _token = _linked?.Token ?? (first.CanBeCanceled ? first : second);
        }

        public OutputLine Current => _current ?? throw new InvalidOperationException("Call MoveNextAsync first.");

        public ValueTask<bool> MoveNextAsync()
        {
            // Most lines come with many others: no state machine for those.
            if (_token.IsCancellationRequested)
            {
                return ValueTask.FromCanceled<bool>(_token);
            }

            _current = _reader.TryTake();
            return _current is not null ? new ValueTask<bool>(true) : WaitAsync();
        }

        public ValueTask DisposeAsync()
        {
            if (!_isDisposed)
            {
                _isDisposed = true;
                _capture.DetachReader();
                _linked?.Dispose();
            }

            return ValueTask.CompletedTask;
        }

        private async ValueTask<bool> WaitAsync()
        {
            while (await _reader.WaitAsync(_token).ConfigureAwait(false))
            {
                _current = _reader.TryTake();
                if (_current is not null)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
