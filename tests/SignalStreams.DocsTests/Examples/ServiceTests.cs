using System.Net;
using SignalStreams.DocsTests.Support;

namespace SignalStreams.DocsTests.Examples;

[Example("service/service")]
public sealed class ServiceTests : IDisposable
{
    private readonly string _settings = Path.Combine(Directory.CreateTempSubdirectory("service-").FullName, "settings.json");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_settings)!, recursive: true);

    [Fact]
    public async Task It_serves_reloads_drains_and_loses_no_job()
    {
        await WriteAsync("good morning");
        using var program = await StartAsync();
        using var client = await ClientAsync(program);
        Assert.Equal("good morning", await client.GetStringAsync("/hello").WithLimit());

        await WriteAsync("good evening");
        program.Kill(SIGHUP);
        await program.LineAsync("the configuration was reloaded");
        Assert.Equal("good evening", await client.GetStringAsync("/hello").WithLimit());

        await WriteAsync("");
        program.Kill(SIGHUP);
        await program.LineAsync("the configuration was not reloaded, the old values stay: Greeting:Text must not be empty");
        Assert.Equal("good evening", await client.GetStringAsync("/hello").WithLimit());

        for (var i = 1; i <= 5; i++)
        {
            using var job = new StringContent($"job {i}");
            using var answer = await client.PostAsync("/jobs", job).WithLimit();
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        }

        using var events = await client.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead).WithLimit();
        program.Kill(SIGTERM);
        await program.LineAsync("stopping; draining for 5 s");
        Assert.Contains("event: goodbye", await events.Content.ReadAsStringAsync().WithLimit(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(client, "/readyz"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "/healthz"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "/hello"));

        var (code, _) = await program.EndAsync();
        Assert.Equal(0, code);
        Assert.Contains(program.Seen, line => line.Contains("done: job 5", StringComparison.Ordinal));
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path).WithLimit();
        return answer.StatusCode;
    }

    private static async Task<HttpClient> ClientAsync(ExampleProcess program)
    {
        const string Listening = "Now listening on: ";
        var line = await program.LineAsync(Listening);
        await program.LineAsync("Application started");
        return new HttpClient { BaseAddress = new Uri(line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..]) };
    }

    private Task<ExampleProcess> StartAsync() =>
        ExampleProcess.StartAsync("service/service", "--urls=http://127.0.0.1:0", $"--Settings={_settings}", "--Shutdown:DrainDelay=00:00:05");

    private Task WriteAsync(string greeting) => File.WriteAllTextAsync(_settings, $$"""{ "Greeting": { "Text": "{{greeting}}" } }""");
}
