using SignalStreams.Hosting.Tests.Reload;

namespace SignalStreams.Hosting.Tests.Processes;

public sealed class ReloadTests : IDisposable
{
    private const string File = "settings.json";

    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Broken_file_and_bad_value_keep_the_old_one_and_say_why()
    {
        using var child = await StartAsync();
        _folder.Write(File, "{ \"Limits\": ");
        child.Send(SIGHUP);
        await child.ExpectAsync(line => line.Contains("the configuration was not reloaded, the old values stay: settings.json: ", StringComparison.Ordinal));
        Write(1_000_000);
        child.Send(SIGHUP);
        await child.ExpectAsync(line => line.Contains("the old values stay: Most must be less than a million", StringComparison.Ordinal));
        Write(2);
        child.Send(SIGHUP);
        await child.ExpectAsync("most 2");
        child.Send(SIGTERM);
        await child.AssertEndsAsync(0);
        Assert.DoesNotContain("most 1000000", child.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_thousand_hangups_the_last_one_counts()
    {
        using var child = await StartAsync();
        for (var i = 1; i <= 1000; i++)
        {
            if (i % 10 == 5)
            {
                _folder.Write(File, "{ \"Limits\": ");
            }
            else
            {
                Write(i);
            }

            child.Send(SIGHUP);
        }

        await child.ExpectAsync("most 1000");
        child.Send(SIGTERM);
        await child.AssertEndsAsync(0);
        Assert.Contains("at the end 1000", child.Output, StringComparison.Ordinal);

        // Values come in their order, so no two reloads overlapped; a file without its value would have shown 0.
        int[] values = [.. child.Output.Split('\n').Where(line => line.StartsWith("most ", StringComparison.Ordinal)).Select(line => int.Parse(line["most ".Length..], System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(values.Order(), values);
        Assert.DoesNotContain(0, values);
    }

    private async Task<ChildProcess> StartAsync()
    {
        Write(1);
        return await ChildProcess.StartReadyAsync(ChildStart.Host("Reload", _folder.Path));
    }

    private void Write(int most) => _folder.Write(File, $$"""{ "Limits": { "Most": {{most}} } }""");
}
