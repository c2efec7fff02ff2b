namespace SignalStreams;

/// <summary>What the keeper is told.</summary>
internal enum KeeperCommand : byte
{
    /// <summary>We know that the child has ended: its id may be given away.</summary>
    Reap = (byte)'R',

    /// <summary>Kill the child and all that descend from it.</summary>
    Kill = (byte)'K',

    /// <summary>Give the terminal to the child that was stopped, and let it go on.</summary>
    Continue = (byte)'C',
}
