using Spectre.Console;

namespace SignalStreams.Tool.Tests;

public sealed class LivePictureTests
{
    private (int Width, int Height) _size = (80, 24);

    [Theory]
    [InlineData(80, "\e[3A")]
    [InlineData(40, "\e[4A")]
    [InlineData(25, "\e[5A")]
    [InlineData(200, "\e[3A")]
    public void Picture_goes_up_by_the_rows_that_the_last_one_takes_in_the_terminal_of_now(int width, string up)
    {
        using var writer = new StringWriter();
        var picture = new LivePicture(writer, () => _size, hasColours: true);
        var lines = new[] { new string('a', 60), "b", "中文" };
        picture.Draw([], (_, _) => new Rows(lines.Select(line => new Text(line, new Spectre.Console.Style(Color.Red)))));
        writer.GetStringBuilder().Clear();

        _size = (width, 24);
        picture.Draw(["message"], (columns, rows) => new Text($"{columns} {rows}"));

        Assert.Equal($"\r{up}message\e[K\r\n{width - 1} 23\e[K\r\n\e[J", writer.ToString());
    }

    [Fact]
    public void Picture_leaves_the_last_row_to_the_cursor_however_many_lines_it_has()
    {
        using var writer = new StringWriter();
        _size = (10, 4);
        var picture = new LivePicture(writer, () => _size, hasColours: false);

        picture.Draw([], (_, _) => new Rows(Enumerable.Range(0, 50).Select(i => new Text($"{i}"))));
        Assert.Equal("\r0\e[K\r\n1\e[K\r\n49\e[K\r\n\e[J", writer.ToString());

        writer.GetStringBuilder().Clear();
        picture.Clear();
        Assert.Equal("\r\e[3A\e[J", writer.ToString());
    }
}
