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

    // $BUFFER has all that stands on the line, other commands too: the words are this one's. Where it knows nothing, a file may be meant.
    private const string Zsh = """
        _signalstreams() {
            local line="${(j: :)words[1,CURRENT-1]} $PREFIX"
            local -a candidates
            local -i dashes=${words[(i)--]}
            if [[ ${words[2]} == run ]] && (( dashes < CURRENT )); then
                shift $dashes words
                (( CURRENT -= dashes ))
                _normal
                return
            fi
            candidates=(${(f)"$(${~words[1]} "[suggest:${#line}]" "$line" 2>/dev/null)"})
            if (( $#candidates )); then
                compadd -a candidates
            else
                _files
            fi
        }
        compdef _signalstreams signalstreams
        """;

    private const string Fish = """
        function __signalstreams_complete
            set -l words (commandline -opc)
            if test "$words[2]" = run; and set -l dashes (contains -i -- -- $words)
                __fish_complete_subcommand --fcs-skip=$dashes
                return
            end
            set -l line (commandline -cp | string trim --left | string collect)
            set -l word (commandline -ct)
            set -l candidates (signalstreams "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null | string match -r '.+')
            if test (count $candidates) -gt 0
                printf '%s\n' $candidates
            else
                __fish_complete_path "$word"
            end
        end
        complete -f -c signalstreams -a '(__signalstreams_complete)'
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
