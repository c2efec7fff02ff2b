using System.CommandLine;

namespace SignalStreams.Tool;

/// <summary><c>--plan</c>.</summary>
internal static class StopPlanOption
{
    public static Option<StopPlan?> Create(string description)
    {
        var option = new Option<StopPlan?>("--plan")
        {
            HelpName = "PLAN",
            Description = description,
            CustomParser = result =>
            {
                if (StopPlanText.TryParse(result.Tokens[0].Value, out var plan, out var error))
                {
                    return plan;
                }

                result.AddError(error);
                return null;
            },
        };
        option.CompletionSources.Add("default", "interactive", "TERM:10s,KILL", "INT:15s/1s,TERM:5s,KILL");
        return option;
    }
}
