namespace SignalStreams.Tool;

/// <summary>What makes a shell ask this command for completions, by the [suggest] directive of System.CommandLine.</summary>
internal static class CompletionScripts
{
    public static string For(string shell) => (shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        "fish" => Fish,
        _ => PowerShell,
    }) + "\n";

    // What follows "run ... --" is another command, with completions of its own.
    private const string Bash = """
        _signalstreams() {
            local word=${COMP_WORDS[COMP_CWORD]} i
            if [[ ${COMP_WORDS[1]} == run ]]; then
                for ((i = 2; i < COMP_CWORD; i++)); do
                    if [[ ${COMP_WORDS[i]} == -- ]]; then
                        if declare -F _command_offset >/dev/null; then
                            _command_offset $((i + 1))
                        elif ((i + 1 == COMP_CWORD)); then
                            COMPREPLY=($(compgen -c -- "$word"))
                        else
                            COMPREPLY=($(compgen -f -- "$word"))
                        fi
                        return
                    fi
                done
            fi
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "$word"))
        }
        complete -o bashdefault -o default -F _signalstreams signalstreams
        """;

    private const string Zsh = """
        _signalstreams() {
            local -a candidates
            candidates=("${(@f)$("${words[1]}" "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
            compadd -a candidates
        }
        compdef _signalstreams signalstreams
        """;

    private const string Fish = """
        complete -f -c signalstreams -a '(signalstreams "[suggest:"(commandline -C)"]" (commandline) 2>/dev/null)'
        """;

    private const string PowerShell = """
        Register-ArgumentCompleter -Native -CommandName signalstreams -ScriptBlock {
            param($word, $line, $position)
            signalstreams "[suggest:$position]" "$line" 2>$null | Where-Object { $_ -like "$word*" } | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }
        """;
}
