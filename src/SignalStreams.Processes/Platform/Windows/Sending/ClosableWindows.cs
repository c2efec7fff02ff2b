namespace SignalStreams;

/// <summary>Which windows of a process are asked to close.</summary>
internal static class ClosableWindows
{
    // Not the program's own: closing a console window ends everybody who is attached to it, the caller perhaps among them, and the others
    // belong to input methods and to COM, which break when they are closed.
    private static readonly string[] OfTheSystem =
        ["ConsoleWindowClass", "PseudoConsoleWindow", "IME", "MSCTFIME UI", "CicMarshalWndClass", "OleMainThreadWndClass", "OleDdeWndClass", "UserAdapterWindowClass"];

    /// <summary>The top-level windows that nobody owns; those that only receive messages where there are none.</summary>
    public static IReadOnlyList<WindowsWindow> Choose(IReadOnlyList<WindowsWindow> windows)
    {
        var own = windows.Where(window => !OfTheSystem.Contains(window.Class, StringComparer.OrdinalIgnoreCase)).ToList();
        var top = own.FindAll(window => window is { IsMessageOnly: false, HasOwner: false });
        return top.Count > 0 ? top : own.FindAll(window => window.IsMessageOnly);
    }
}
