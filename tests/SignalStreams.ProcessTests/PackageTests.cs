using System.IO.Compression;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;

namespace SignalStreams.ProcessTests;

/// <summary>The packages, packed, and used by a program that has nothing else.</summary>
public sealed class PackageTests(BuildFolder build) : IClassFixture<BuildFolder>
{
    private const string Program = """
        using SignalStreams;

        using var receiver = Signals.OpenSignalReceiver(ShutdownSignal.SIGTERM);
        Console.WriteLine("ready");
        await foreach (var signal in receiver)
        {
            Console.WriteLine($"{signal} {Signals.Backend.Kind} {Path.GetDirectoryName(typeof(Signals).Assembly.Location)}");
            break;
        }
        """;

    private const string ProcessesProgram = """
        using System.Diagnostics;
        using SignalStreams;

        await using var child = SupervisedProcess.Start(new ProcessStartInfo("sh", ["-c", "exit 3"]));
        Console.WriteLine($"{await child.Completion}, {child.Containment & ProcessContainment.Keeper}");
        """;

    private const string WebProgram = """
        using SignalStreams;

        var builder = WebApplication.CreateBuilder(args);
        builder.UseSignalStreams(options => options.DrainDelay = TimeSpan.FromSeconds(1));
        builder.Services.AddRequestDraining();
        var app = builder.Build();
        app.MapReadiness("/readyz");
        app.MapGet("/slow", async (HttpContext context) =>
        {
            Console.WriteLine("asked");
            await Task.Delay(Timeout.Infinite, context.GetDrainingToken()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return "answered";
        });
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            Console.WriteLine($"listens {app.Urls.Single()}");
            Console.WriteLine("ready");
        });
        app.Run();
        Console.WriteLine($"main returns {Signals.Backend.Kind}");
        """;

    // No such package, or not in this version.
    private static readonly string[] PackageNotFound = ["NU1101", "NU1102", "NU1301"];

    private const string Project = """
        <Project Sdk="SDK">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="PACKAGE" Version="*-*" />
          </ItemGroup>
        </Project>
        """;

    [Fact]
    public async Task Program_with_the_package_alone_has_the_native_source_and_what_was_compiled_ahead()
    {
        Assert.SkipUnless(Backend.IsNative, "There was no C compiler.");
        var folder = Directory.CreateTempSubdirectory("signalstreams-package-").FullName;
        try
        {
            var packages = Path.Combine(folder, "packages");
            await PackAsync("Library", folder, packages);
            var output = await BuildAsync(folder, packages, "SignalStreams", Program);

            using var child = await ChildProcess.StartReadyAsync(new ChildStart(Path.Combine(output, "Consumer")));
            child.Send(SIGTERM);
            var ahead = RuntimeInformation.RuntimeIdentifier == "linux-x64" ? Path.Combine(output, "runtimes", "linux-x64", "lib", "net10.0") : output;
            await child.ExpectAsync($"SIGTERM Native {ahead}");
            await child.AssertEndsAsync(0);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Program_with_the_processes_package_alone_has_the_keeper()
    {
        Assert.SkipUnless(Backend.IsNative, "There was no C compiler.");
        var folder = Directory.CreateTempSubdirectory("signalstreams-package-").FullName;
        try
        {
            var packages = Path.Combine(folder, "packages");
            await PackAsync("Library", folder, packages);
            await PackAsync("Processes", folder, packages);
            AssertHasConsoleHelper(packages);
            var output = await BuildAsync(folder, packages, "SignalStreams.Processes", ProcessesProgram);

            using var child = new ChildStart(Path.Combine(output, "Consumer")).Run();
            await child.ExpectAsync("exit code 3, Keeper");
            await child.AssertEndsAsync(0);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Web_program_with_the_package_for_it_alone_drains_at_SIGTERM()
    {
        Assert.SkipUnless(Backend.IsNative, "There was no C compiler.");
        var folder = Directory.CreateTempSubdirectory("signalstreams-package-").FullName;
        try
        {
            // Nothing else is there to restore from: what else the packages need is part of the web framework.
            var packages = Path.Combine(folder, "packages");
            await PackAsync("Library", folder, packages);
            await PackAsync("Hosting", folder, packages);
            await PackAsync("AspNetCore", folder, packages);
            var output = await BuildAsync(folder, packages, "SignalStreams.AspNetCore", WebProgram, "Microsoft.NET.Sdk.Web");

            using var child = new ChildStart(Path.Combine(output, "Consumer"), "--urls=http://127.0.0.1:0").Run();
            using var client = new HttpClient { BaseAddress = new Uri(await child.ExpectRestAsync("listens ")) };
            await child.ExpectAsync("ready");
            Assert.Equal("ready", await client.GetStringAsync("/readyz", TestContext.Current.CancellationToken));
            var asking = client.GetAsync("/slow", TestContext.Current.CancellationToken);
            await child.ExpectAsync("asked");
            child.Send(SIGTERM);
            await child.ExpectAsync(line => line.Contains("stopping; draining for 1 s", StringComparison.Ordinal));
            using var answer = await asking;
            Assert.True(answer.Headers.ConnectionClose);
            Assert.Equal("answered", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            await child.ExpectAsync("main returns Native");
            await child.AssertEndsAsync(0);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Tool_is_installed_from_its_package_alone_and_runs_a_child()
    {
        Assert.SkipUnless(Backend.IsNative, "There was no C compiler.");
        var folder = Directory.CreateTempSubdirectory("signalstreams-tool-").FullName;
        try
        {
            // Nothing else is there to restore from: a tool's package brings what it needs.
            var packages = Path.Combine(folder, "packages");
            await PackAsync("Tool", folder, packages);
            var commands = Path.Combine(folder, "commands");
            await DotnetAsync(folder, "tool", "install", "SignalStreams.Tool", "--tool-path", commands, "--source", packages);

            var command = Path.Combine(commands, "signalstreams");
            using var version = new ChildStart(command, "--version").Run();
            await version.ExpectRestAsync("0.1.0");
            await version.AssertEndsAsync(0);

            using var run = new ChildStart(command, "run", "--", "sh", "-c", "echo working; exit 3").Run();
            await run.ExpectAsync("working");
            await run.AssertEndsAsync(3);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // What sends console events on Windows; a compiler for Windows makes it.
    private static void AssertHasConsoleHelper(string packages)
    {
        if (!Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(path => File.Exists(Path.Combine(path, "x86_64-w64-mingw32-gcc"))))
        {
            return;
        }

        using var package = ZipFile.OpenRead(Directory.GetFiles(packages, "SignalStreams.Processes.*.nupkg").Single());
        using var bytes = new MemoryStream();
        using (var entry = package.GetEntry("lib/net10.0/SignalStreams.Processes.dll")!.Open())
        {
            entry.CopyTo(bytes);
        }

        bytes.Position = 0;
        using var assembly = new PEReader(bytes);
        var metadata = assembly.GetMetadataReader();
        Assert.Contains("consolesignal-win-x64.exe", metadata.ManifestResources.Select(handle => metadata.GetString(metadata.GetManifestResource(handle).Name)));
    }

    private Task PackAsync(string project, string folder, string packages) => DotnetAsync(
        folder,
        "pack",
        typeof(PackageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == project).Value!,
        "-c", "Release",
        "-o", packages,
        "--artifacts-path", build.Path,
        "-nodeReuse:false",
        "-p:UseSharedCompilation=false");

    private static async Task<string> BuildAsync(string folder, string packages, string package, string text, string sdk = "Microsoft.NET.Sdk")
    {
        var program = Directory.CreateDirectory(Path.Combine(folder, "Consumer")).FullName;
        await File.WriteAllTextAsync(Path.Combine(program, "Consumer.csproj"), Project.Replace("SDK", sdk, StringComparison.Ordinal).Replace("PACKAGE", package, StringComparison.Ordinal), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(program, "Program.cs"), text, TestContext.Current.CancellationToken);
        var output = Path.Combine(folder, "out");
        await DotnetAsync(folder, "build", program, "-o", output, $"-p:RestoreSources={packages}", "-nodeReuse:false", "-p:UseSharedCompilation=false");
        return output;
    }

    // With a cache of its own: what other packages this machine has is not there for it.
    private static async Task DotnetAsync(string folder, params string[] arguments)
    {
        var isUse = arguments[0] is not "pack";
        using var dotnet = new ChildStart([Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", .. arguments])
        {
            Environment = isUse ? new Dictionary<string, string> { ["NUGET_PACKAGES"] = Path.Combine(folder, "cache") } : new Dictionary<string, string>(),
        }.Run();
        var status = await dotnet.WaitForExitAsync(BuildFolder.TimeLimit);
        Assert.SkipWhen(PackageNotFound.Any(error => dotnet.Output.Contains(error, StringComparison.Ordinal)) && dotnet.Output.Contains("Crossgen2", StringComparison.OrdinalIgnoreCase), "NOT RUN: no package source has the compiler that compiles ahead (Microsoft.NETCore.App.Crossgen2).");
        Assert.True(status == ExitStatus.Of(0), dotnet.Output);
    }
}
