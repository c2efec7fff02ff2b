using Microsoft.Extensions.DependencyInjection;
using SignalStreams;

// The namespace of the host's own UseX methods: found without a using.
namespace Microsoft.Extensions.Hosting;

/// <summary>One line that makes a host end, and reload, as its platform asks it to.</summary>
public static class SignalStreamsHostExtensions
{
    /// <summary>Lets signals stop and reload the host; see <see cref="SignalStreamsOptions"/>. It may be called more than once: the last value of each option counts.</summary>
    /// <param name="builder">The host's builder, such as that of <c>Host.CreateApplicationBuilder</c> or <c>WebApplication.CreateBuilder</c>.</param>
    /// <param name="configure">What is to be other than by default.</param>
    /// <returns>The builder.</returns>
    public static IHostApplicationBuilder UseSignalStreams(this IHostApplicationBuilder builder, Action<SignalStreamsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSignalStreams(configure);
        return builder;
    }

    /// <inheritdoc cref="UseSignalStreams(IHostApplicationBuilder, Action{SignalStreamsOptions}?)"/>
    public static IHostBuilder UseSignalStreams(this IHostBuilder builder, Action<SignalStreamsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.ConfigureServices((_, services) => services.AddSignalStreams(configure));
    }
}
