using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace SignalStreams.Hosting.Tests.Reload;

public sealed class ReloadTests : IDisposable
{
    private const string Reloaded = "SIGHUP from test: the configuration was reloaded";

    private readonly Folder _folder;

    public ReloadTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no hang-up that could ask for a reload: there it is the console that is closed.");
        _folder = new();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Hangup_reloads_the_options()
    {
        await using var test = Start();
        var monitor = test.Host.Services.GetRequiredService<IOptionsMonitor<Limits>>();
        Assert.Equal(1, monitor.CurrentValue.Most);
        _folder.Write("a.json", """{ "Limits": { "Most": 2 } }""");
        await HangupAsync(test, Reloaded);
        Assert.Equal(2, monitor.CurrentValue.Most);
        Assert.Equal(HostShutdownPhase.Running, test.Shutdown.Phase);
    }

    [Fact]
    public async Task Broken_file_is_named_and_no_file_is_loaded()
    {
        await using var test = Start();
        _folder.Write("a.json", """{ "Limits": { "Most": 2 } }""");
        _folder.Write("b.json", """{ "Other": """);
        await HangupAsync(test, "the configuration was not reloaded, the old values stay: b.json: ");
        Assert.Equal("1", test.Host.Services.GetRequiredService<IConfiguration>()["Limits:Most"]);
        Assert.Equal("old", test.Host.Services.GetRequiredService<IConfiguration>()["Other"]);

        _folder.Write("b.json", """{ "Other": "new" }""");
        await HangupAsync(test, Reloaded);
        Assert.Equal("2", test.Host.Services.GetRequiredService<IConfiguration>()["Limits:Most"]);
        Assert.Equal("new", test.Host.Services.GetRequiredService<IConfiguration>()["Other"]);
    }

    [Fact]
    public async Task Broken_file_is_an_objection_even_where_the_program_ignores_it()
    {
        await using var test = Start(build: builder => builder.Configuration.AddJsonFile(source =>
        {
            source.Path = "c.json";
            source.Optional = true;
            source.FileProvider = new Microsoft.Extensions.FileProviders.PhysicalFileProvider(_folder.Path);
            source.OnLoadException = context => context.Ignore = true;
        }));
        _folder.Write("a.json", """{ "Limits": { "Most": 2 } }""");
        _folder.Write("c.json", "{");
        await HangupAsync(test, "the old values stay: c.json: ");
        Assert.Equal("1", test.Host.Services.GetRequiredService<IConfiguration>()["Limits:Most"]);
    }

    [Fact]
    public async Task File_that_is_needed_and_gone_is_an_objection()
    {
        await using var test = Start();
        _folder.Delete("b.json");
        await HangupAsync(test, "the old values stay: b.json: The configuration file 'b.json' was not found");
        Assert.Equal("old", test.Host.Services.GetRequiredService<IConfiguration>()["Other"]);
    }

    [Fact]
    public async Task Check_that_objects_keeps_the_old_values()
    {
        await using var test = Start(options => options
            .ValidateReload((_, candidate) => candidate["Other"] == "bad" ? ["Other must not be bad", "really"] : [])
            .ValidateReload((_, candidate) => candidate["Other"] == "worse" ? throw new InvalidOperationException("Other is worse") : []));
        var configuration = test.Host.Services.GetRequiredService<IConfiguration>();
        _folder.Write("b.json", """{ "Other": "bad" }""");
        await HangupAsync(test, "the old values stay: Other must not be bad; really");
        Assert.Equal("old", configuration["Other"]);
        _folder.Write("b.json", """{ "Other": "worse" }""");
        await HangupAsync(test, "the old values stay: Other is worse");
        Assert.Equal("old", configuration["Other"]);
    }

    [Fact]
    public async Task Options_that_their_validators_refuse_keep_the_old_values()
    {
        await using var test = Start(options => options.ValidateReload<Limits>("Limits"), builder => builder.Services.AddOptions<Limits>().Validate(limits => limits.Most < 10, "Most must be less than 10"));
        var monitor = test.Host.Services.GetRequiredService<IOptionsMonitor<Limits>>();
        _folder.Write("a.json", """{ "Limits": { "Most": 10 } }""");
        await HangupAsync(test, "the old values stay: Most must be less than 10");
        Assert.Equal(1, monitor.CurrentValue.Most);
        _folder.Write("a.json", """{ "Limits": { "Most": "many" } }""");
        await HangupAsync(test, "the old values stay: Failed to convert configuration value");
        Assert.Equal(1, monitor.CurrentValue.Most);
        _folder.Write("a.json", """{ "Limits": { "Most": 9 } }""");
        await HangupAsync(test, Reloaded);
        Assert.Equal(9, monitor.CurrentValue.Most);
    }

    [Fact]
    public async Task File_that_changes_between_trial_and_load_is_loaded_as_it_was_tried()
    {
        await using var test = Start(options => options.ValidateReload((_, _) =>
        {
            _folder.Write("b.json", "{ broken");
            return [];
        }));
        _folder.Write("b.json", """{ "Other": "new" }""");
        await HangupAsync(test, Reloaded);
        Assert.Equal("new", test.Host.Services.GetRequiredService<IConfiguration>()["Other"]);
    }

    [Fact]
    public async Task Values_that_no_file_has_take_part_in_the_trial()
    {
        string? seen = null;
        await using var test = Start(
            options => options.ValidateReload((_, candidate) =>
            {
                seen = candidate["Memory"];
                return [];
            }),
            builder => builder.Configuration.AddInMemoryCollection([new("Memory", "kept")]));
        await HangupAsync(test, Reloaded);
        Assert.Equal("kept", seen);
    }

    [Fact]
    public async Task Stream_that_can_be_read_but_once_does_not_hinder_a_reload()
    {
        await using var test = Start(build: builder => builder.Configuration.AddJsonStream(new MemoryStream("""{ "Stream": "kept" }"""u8.ToArray())));
        _folder.Write("b.json", """{ "Other": "new" }""");
        await HangupAsync(test, Reloaded);
        Assert.Equal("new", test.Host.Services.GetRequiredService<IConfiguration>()["Other"]);
        Assert.Equal("kept", test.Host.Services.GetRequiredService<IConfiguration>()["Stream"]);
    }

    [Fact]
    public async Task Hangup_during_a_reload_makes_one_more_and_that_one_sees_the_last_values()
    {
        var checks = 0;
        using var go = new ManualResetEventSlim();
        await using var test = Start(options => options.ValidateReload((_, _) =>
        {
            if (Interlocked.Increment(ref checks) == 1)
            {
                go.Wait(Patience.Limit);
            }

            return [];
        }));
        test.Hub.Raise(SIGHUP);
        await Patience.UntilAsync(() => Volatile.Read(ref checks) == 1, "the first reload");
        for (var i = 0; i <= 1000; i++)
        {
            _folder.Write("b.json", i % 7 == 3 ? "{" : $$"""{ "Other": "{{i}}" }""");
            test.Hub.Raise(SIGHUP);
        }

        await Patience.UntilAsync(() => test.Hub.Hub.Router.Snapshot().All(one => !one.Listener.NeedsWakeUp), "all to be heard");
        go.Set();
        await Patience.UntilAsync(() => test.Host.Services.GetRequiredService<IConfiguration>()["Other"] == "1000", "the last values");
        Assert.InRange(Volatile.Read(ref checks), 2, 3);
    }

    [Fact]
    public async Task Reload_that_somebody_holds_up_is_named_with_what_waits_for_it()
    {
        var time = new ManualTime();
        await using var test = Start(time: time);
        using var go = new ManualResetEventSlim();
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watching = test.Host.Services.GetRequiredService<IOptionsMonitor<Limits>>().OnChange(_ =>
        {
            told.TrySetResult();
            go.Wait(Patience.Limit);
        });
        test.Hub.Raise(SIGHUP);
        await told.Task.WithLimit();
        time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(test.Log.Has("still being reloaded"));
        time.Advance(TimeSpan.FromSeconds(0.1));
        const string Late = "Warning SignalStreams.Hosting: SIGHUP from test: the configuration is still being reloaded after ";
        const string By = ", waiting for somebody who watches the configuration (IOptionsMonitor.OnChange, a change token). SIGHUPs that wait for it, and will together be one reload: ";
        Assert.Contains($"{Late}10 s{By}0", test.Log.Lines);

        // Nobody has asked since.
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Single(test.Log.Lines, line => line.StartsWith(Late, StringComparison.Ordinal));
        test.Hub.Raise(SIGHUP);
        await Patience.UntilAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(10));
                return test.Log.Lines.Any(line => line.StartsWith(Late, StringComparison.Ordinal) && line.EndsWith($"{By}1", StringComparison.Ordinal));
            },
            "the one that waits to be named");
        go.Set();
        await Patience.UntilAsync(() => test.Log.Lines.Count(line => line.Contains(Reloaded, StringComparison.Ordinal)) == 2, "the reload that has waited");
        await Patience.UntilAsync(() => time.Timers == 0, "the timer to be gone");
    }

    [Fact]
    public async Task Check_that_holds_a_reload_up_is_named()
    {
        var time = new ManualTime();
        using var go = new ManualResetEventSlim();
        var checking = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var test = Start(
            options => options.ValidateReload((_, _) =>
            {
                checking.TrySetResult();
                go.Wait(Patience.Limit);
                return [];
            }),
            time: time);
        test.Hub.Raise(SIGHUP);
        await checking.Task.WithLimit();
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(test.Log.Has("still being reloaded after 10 s, waiting for a check (ValidateReload)."));
        go.Set();
        await Patience.UntilAsync(() => test.Log.Has(Reloaded), "the reload");
    }

    [Fact]
    public async Task Hangup_of_the_terminal_stops_the_host()
    {
        await using var test = Start();
        test.Hub.Raise(SIGHUP, new SignalOrigin { Kind = SignalOriginKind.Terminal });
        await Patience.UntilAsync(() => test.Application.ApplicationStopping.IsCancellationRequested, "the stop");
    }

    [Fact]
    public async Task Hangup_stops_the_host_where_it_does_not_reload()
    {
        await using var test = Start(options => options.ReloadOnHangup = false);
        test.Hub.Raise(SIGHUP);
        await Patience.UntilAsync(() => test.Application.ApplicationStopping.IsCancellationRequested, "the stop");
    }

    private static async Task HangupAsync(TestHost test, string line)
    {
        var before = test.Log.Lines.Count;
        test.Hub.Raise(SIGHUP);
        await Patience.UntilAsync(
            () => test.Log.Lines.Skip(before).Any(logged => logged.Contains(line, StringComparison.Ordinal)),
            () => $"'{line}' was not logged, but: {string.Join('\n', test.Log.Lines)}");
    }

    private TestHost Start(Action<SignalStreamsOptions>? configure = null, Action<HostApplicationBuilder>? build = null, TimeProvider? time = null)
    {
        _folder.Write("a.json", """{ "Limits": { "Most": 1 } }""");
        _folder.Write("b.json", """{ "Other": "old" }""");
        var test = new TestHost(configure, builder =>
        {
            builder.Configuration.SetBasePath(_folder.Path).AddJsonFile("a.json", optional: true).AddJsonFile("b.json", optional: false);
            builder.Services.Configure<Limits>(builder.Configuration.GetSection("Limits"));
            build?.Invoke(builder);
        }, time: time);
        test.Host.Start();
        return test;
    }

#pragma warning disable CA1812 // The container makes it.
    private sealed class Limits
#pragma warning restore CA1812
    {
        public int Most { get; set; }
    }
}
