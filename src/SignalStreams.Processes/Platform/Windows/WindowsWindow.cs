namespace SignalStreams;

/// <summary>A window of another process.</summary>
/// <param name="Handle">Its handle.</param>
/// <param name="Class">The name of its window class.</param>
/// <param name="IsMessageOnly">Whether it only receives messages (a child of HWND_MESSAGE).</param>
/// <param name="HasOwner">Whether another window owns it, as a dialogue's: closing the owner closes it.</param>
internal readonly record struct WindowsWindow(nint Handle, string Class, bool IsMessageOnly, bool HasOwner);
