using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SignalStreams.Tool;

/// <summary>A few lines at the bottom of a terminal that are drawn anew in their place, with messages that move up above them.</summary>
/// <remarks>
/// Drawn by Spectre.Console and placed by us. Its own live display goes up by as many rows as it wrote, but a terminal that becomes narrower breaks them
/// into more, and the ruins of each picture stay; and it leaves the cursor behind the last text, where the terminal writes ^C. Here the cursor waits at the
/// start of the line below: what is typed stands there, and the next picture removes it. The cursor is never hidden: whatever ends this program, or stops
/// it by Ctrl-Z, leaves a terminal that can be used. Each picture is one write, so that none is seen half.
/// </remarks>
internal sealed partial class LivePicture(TextWriter writer, Func<(int Width, int Height)> size, bool hasColours)
{
    private int[] _cells = [];

    /// <summary>Draws a picture over the last one.</summary>
    /// <param name="messages">Lines that stay, above it.</param>
    /// <param name="draw">Makes the picture for so many columns and rows.</param>
    /// <exception cref="IOException">The terminal is closed.</exception>
    public void Draw(IEnumerable<string> messages, Func<int, int, IRenderable> draw)
    {
        var (width, height) = size();

        // Neither the last column, behind which some terminals break the line, nor the last row, where the cursor waits.
        var (columns, rows) = (Math.Max(1, width - 1), Math.Max(1, height - 1));
        var lines = Render(draw(columns, rows), columns);
        if (lines.Length > rows)
        {
            lines = [.. lines[..(rows - 1)], lines[^1]];
        }

        Write([.. messages], lines, width, height);
    }

    /// <summary>Removes the picture.</summary>
    public void Clear()
    {
        var (width, height) = size();
        Write([], [], width, height);
    }

    private void Write(string[] messages, string[] lines, int width, int height)
    {
        var text = new StringBuilder("\r");

        // A terminal that has become narrower has broken the lines that were too long for it, or cut them: then a few rows above are lost.
        var up = Math.Min(height - 1, _cells.Sum(cells => Math.Max(1, (cells + width - 1) / width)));
        if (up > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\e[{up}A");
        }

        foreach (var line in messages.Concat(lines))
        {
            text.Append(line).Append("\e[K\r\n");
        }

        text.Append("\e[J");
        _cells = [.. lines.Select(line => CellText.Cells(Colours.Replace(line, "")))];
        writer.Write(text.ToString());
    }

    private string[] Render(IRenderable picture, int width)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.No,
            ColorSystem = hasColours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = width;
        console.Write(picture);
        return text.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
    }

    [GeneratedRegex("\e\\[[0-9;]*m")]
    private static partial Regex Colours { get; }
}
