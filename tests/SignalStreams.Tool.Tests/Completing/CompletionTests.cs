namespace SignalStreams.Tool.Tests;

public sealed class CompletionTests
{
    [Theory]
    [InlineData("signalstreams s", "send stop")]
    [InlineData("signalstreams send US", "USR1 USR2")]
    [InlineData("signalstreams stop --pl", "--plan")]
    [InlineData("signalstreams run --res", "--restart")]
    [InlineData("signalstreams run --restart on", "on-failure")]
    [InlineData("signalstreams run -v -- mkfif", "mkfifo")]
    [InlineData("signalstreams completion p", "pwsh")]
    public async Task Bash_completes(string line, string expected)
    {
        var end = await ToolTests.Tool.RunOtherAsync("bash", "-c", """
            set -eu
            signalstreams() { "$tool" "$@"; }
            tool=$1
            PATH=$PATH:$(dirname "$1")
            eval "$(signalstreams completion bash)"
            complete -p signalstreams > /dev/null
            COMP_LINE=$2
            COMP_POINT=${#2}
            read -ra COMP_WORDS <<< "$2"
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _signalstreams
            printf '%s\n' "${COMPREPLY[@]}" | sort -u
            """, "bash", ToolTests.Tool.Path, line);

        Assert.Equal((0, ""), (end.Code, end.Error));
        Assert.Equal(expected.Split(' '), end.Lines);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("pwsh")]
    public async Task Every_shell_has_a_script_that_asks_the_tool(string shell)
    {
        var end = await ToolTests.Tool.RunAsync("completion", shell);

        Assert.Equal(0, end.Code);
        Assert.Contains("[suggest:", end.Output, StringComparison.Ordinal);
    }
}
