namespace SignalStreams;

/// <summary>Bytes that were read together: whole lines, or pieces of one that is not whole.</summary>
/// <param name="Bytes">Nobody writes to them any more.</param>
/// <param name="HasLines">Whether each line in it ends with a line feed, the last one too; false where there is no line feed in it.</param>
/// <param name="IsError">Whether it came from standard error.</param>
/// <param name="ProcessId">Who wrote it.</param>
internal sealed record LineBlock(ReadOnlyMemory<byte> Bytes, bool HasLines, bool IsError, int ProcessId);
