namespace SignalStreams.Processes.Tests.Windows;

public sealed class ExtractedFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    [Fact]
    public void It_is_written_once_and_found_again()
    {
        using (var first = ExtractedFile.Open([1, 2, 3], Sub, "a.exe"))
        {
            using var second = ExtractedFile.Open([1, 2, 3], Sub, "a.exe");
            Assert.Equal(first.Name, second.Name);
        }

        Assert.Equal([1, 2, 3], File.ReadAllBytes(Path.Combine(Sub, "a.exe")));
        Assert.Single(Directory.GetFiles(Sub));
    }

    [Theory]
    [InlineData(new byte[] { 1, 2, 4 })]
    [InlineData(new byte[] { 1, 2 })]
    [InlineData(new byte[] { 1, 2, 3, 4 })]
    [InlineData(new byte[0])]
    public void What_somebody_else_put_there_is_replaced(byte[] planted)
    {
        Directory.CreateDirectory(Sub);
        File.WriteAllBytes(Path.Combine(Sub, "a.exe"), planted);
        using (ExtractedFile.Open([1, 2, 3], Sub, "a.exe"))
        {
        }

        Assert.Equal([1, 2, 3], File.ReadAllBytes(Path.Combine(Sub, "a.exe")));
    }

    [Fact]
    public async Task Many_who_write_it_at_the_same_time_all_get_it()
    {
        const int Writers = 8;
        for (var round = 0; round < 20; round++)
        {
            using var together = new Barrier(Writers);
            var name = $"{round}.exe";
            await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    Assert.True(together.SignalAndWait(TimeSpan.FromSeconds(30)));
                    using var file = ExtractedFile.Open([1, 2, 3], Sub, name);
                },
                TestContext.Current.CancellationToken,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)));
        }

        Assert.Equal(20, Directory.GetFiles(Sub).Length);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_an_error()
    {
        File.WriteAllText(Sub, "");
        Assert.ThrowsAny<IOException>(() => ExtractedFile.Open([1], Sub, "a.exe"));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Sub => Path.Combine(_folder.FullName, "sub");
}
