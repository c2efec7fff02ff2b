using System.CommandLine;

namespace SignalStreams.Tool;

/// <summary><c>signalstreams completion</c>.</summary>
internal static class CompletionCommand
{
    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { HelpName = "SHELL", Description = "bash, zsh, fish or pwsh." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish", "pwsh");
        var command = new ToolCommand("completion", "Print a script that completes this command in a shell.")
        {
            Sections =
            [
                ("Examples", """
                    eval "$(signalstreams completion bash)"                                     in ~/.bashrc
                    eval "$(signalstreams completion zsh)"                                      in ~/.zshrc, after compinit
                    signalstreams completion fish > ~/.config/fish/completions/signalstreams.fish
                    signalstreams completion pwsh | Out-String | Invoke-Expression              in $PROFILE
                    """),
            ],
        };
        command.Arguments.Add(shell);
        command.SetAction(result =>
        {
            Output.Out.Write(CompletionScripts.For(result.GetValue(shell)!));
            return ExitCode.Done;
        });
        return command;
    }
}
