using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SignalStreams;

/// <summary>Validates options as they would be after a reload, by what the container has to validate them with.</summary>
internal static class OptionsCheck
{
    public static IEnumerable<string> Run<TOptions>(IServiceProvider services, IConfiguration candidate, string section, Action<TOptions, IConfiguration> bind)
        where TOptions : class, new()
    {
        // As OptionsFactory does: bound, then post-configured, then validated.
        var options = new TOptions();
        bind(options, section.Length == 0 ? candidate : candidate.GetSection(section));
        foreach (var step in services.GetServices<IPostConfigureOptions<TOptions>>())
        {
            step.PostConfigure(Options.DefaultName, options);
        }

        List<string> objections = [];
        foreach (var validator in services.GetServices<IValidateOptions<TOptions>>())
        {
            if (validator.Validate(Options.DefaultName, options) is { Failed: true, Failures: var failures })
            {
                objections.AddRange(failures);
            }
        }

        return objections;
    }
}
