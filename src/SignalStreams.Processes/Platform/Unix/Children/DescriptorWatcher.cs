using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace SignalStreams;

/// <summary>One thread for all children, which sleeps in epoll_wait(2) until one of them has something to tell.</summary>
/// <remarks>Not the thread pool: how a child ended is to be known in a starved one too. The thread lives as long as the process.</remarks>
internal sealed unsafe class DescriptorWatcher
{
    private const int CloseOnExec = 0x80000;
    private const int Add = 1;
    private const int Remove = 2;
    private const uint CanRead = 1;
    private const int EventsAtOnce = 64;

    private static readonly Lazy<DescriptorWatcher> Shared = new(() => new DescriptorWatcher());

    // struct epoll_event is packed on x86-64 and on no other.
    private static readonly int EventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, (int Descriptor, IWatchedDescriptor Watched)> _watches = [];
    private readonly int _poll;
    private long _lastKey;

    private DescriptorWatcher()
    {
        _poll = ChildCalls.CreatePoll(CloseOnExec);
        if (_poll < 0)
        {
            throw Descriptors.Error(Marshal.GetLastPInvokeError(), "children cannot be watched");
        }

        _poll = Descriptors.MoveUp(_poll);
        new Thread(Serve) { IsBackground = true, Name = "SignalStreams children" }.UnsafeStart();
    }

    /// <summary>The one of this process; made by whoever asks first.</summary>
    public static DescriptorWatcher Current => Shared.Value;

    /// <summary>Begins to watch.</summary>
    /// <returns>What <see cref="End"/> takes; never 0.</returns>
    public long Begin(int descriptor, IWatchedDescriptor watched)
    {
        long key;
        int error;
        lock (_gate)
        {
            key = ++_lastKey;
            _watches.Add(key, (descriptor, watched));
            error = Control(Add, descriptor, key);
            if (error != 0)
            {
                _watches.Remove(key);
            }
        }

        return error == 0 ? key : throw Descriptors.Error(error, "a child cannot be watched");
    }

    /// <summary>Ends a watch, before its descriptor is closed.</summary>
    public void End(long key)
    {
        lock (_gate)
        {
            if (_watches.Remove(key, out var watch))
            {
                _ = Control(Remove, watch.Descriptor, key);
            }
        }
    }

    private int Control(int operation, int descriptor, long key)
    {
        var change = stackalloc byte[16];
        var bytes = new Span<byte>(change, 16);
        bytes.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, CanRead);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[DataOffset..], key);
        return ChildCalls.ControlPoll(_poll, operation, descriptor, change) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    private void Serve()
    {
        var events = stackalloc byte[EventsAtOnce * 16];
        while (true)
        {
            var count = ChildCalls.WaitPoll(_poll, events, EventsAtOnce, -1);
            for (var i = 0; i < count; i++)
            {
                var key = BinaryPrimitives.ReadInt64LittleEndian(new ReadOnlySpan<byte>(events + (i * EventSize) + DataOffset, 8));
                (int Descriptor, IWatchedDescriptor Watched) watch;
                lock (_gate)
                {
                    if (!_watches.TryGetValue(key, out watch))
                    {
                        continue;
                    }
                }

                if (!watch.Watched.OnReadable())
                {
                    lock (_gate)
                    {
                        // Not called again; the entry stays for whoever ends the watch, if he has not.
                        if (_watches.ContainsKey(key))
                        {
                            _ = Control(Remove, watch.Descriptor, key);
                        }
                    }
                }
            }
        }
    }
}
