using System.Reflection;
using System.Runtime.InteropServices;

namespace SignalStreams.ProcessTests;

/// <summary>The package, packed, and used by a program that has nothing else.</summary>
public sealed class PackageTests
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

    // No such package, or not in this version.
    private static readonly string[] PackageNotFound = ["NU1101", "NU1102", "NU1301"];

    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="SignalStreams" Version="*-*" />
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
            var library = typeof(PackageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Library").Value!;
            await DotnetAsync("pack", library, "-c", "Release", "-o", packages, "--artifacts-path", Path.Combine(folder, "artifacts"));

            var program = Directory.CreateDirectory(Path.Combine(folder, "Consumer")).FullName;
            await File.WriteAllTextAsync(Path.Combine(program, "Consumer.csproj"), Project, TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(Path.Combine(program, "Program.cs"), Program, TestContext.Current.CancellationToken);
            var output = Path.Combine(folder, "out");
            await DotnetAsync("build", program, "-o", output, $"-p:RestoreSources={packages}", $"-p:RestorePackagesPath={Path.Combine(folder, "cache")}");

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

    private static async Task DotnetAsync(params string[] arguments)
    {
        using var dotnet = new ChildStart([Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", .. arguments, "-nodeReuse:false", "-p:UseSharedCompilation=false"]).Run();
        var status = await dotnet.WaitForExitAsync(TimeSpan.FromMinutes(5));
        Assert.SkipWhen(PackageNotFound.Any(error => dotnet.Output.Contains(error, StringComparison.Ordinal)) && dotnet.Output.Contains("Crossgen2", StringComparison.OrdinalIgnoreCase), "NOT RUN: no package source has the compiler that compiles ahead (Microsoft.NETCore.App.Crossgen2).");
        Assert.True(status == ExitStatus.Of(0), dotnet.Output);
    }
}
