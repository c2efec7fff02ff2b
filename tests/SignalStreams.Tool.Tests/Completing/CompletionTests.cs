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

    // The word that fish offers, before what it says about it.
    [Theory]
    [InlineData("signalstreams st", "stop")]
    [InlineData("sleep 1; signalstreams st", "stop")]
    [InlineData("signalstreams stop --pl", "--plan")]
    [InlineData("signalstreams send TER", "TERM")]
    [InlineData("signalstreams run --restart on", "on-failure")]
    [InlineData("signalstreams run -v -- mkfif", "mkfifo")]
    [InlineData("signalstreams launch /etc/pass", "/etc/passwd")]
    public async Task Fish_completes(string line, string expected)
    {
        SkipWithout("fish");

        var end = await ToolTests.Tool.RunOtherAsync("fish", "--no-config", "-c", """
            set -x PATH (dirname $argv[1]) $PATH
            signalstreams completion fish | source
            complete -C $argv[2]
            """, ToolTests.Tool.Path, line);

        Assert.Equal((0, ""), (end.Code, end.Error));
        Assert.Contains(expected, end.Lines.Select(offer => offer.Split('\t')[0]));
        Assert.All(end.Lines, offer => Assert.StartsWith(expected, offer, StringComparison.Ordinal));
    }

    // As a person does it: with the TAB key, on a terminal.
    [Theory]
    [InlineData("signalstreams st", "signalstreams stop ")]
    [InlineData("sleep 1; signalstreams st", "sleep 1; signalstreams stop ")]
    [InlineData("signalstreams stop --pl", "signalstreams stop --plan ")]
    [InlineData("signalstreams send TER", "signalstreams send TERM ")]
    [InlineData("signalstreams run --restart on", "signalstreams run --restart on-failure ")]
    [InlineData("signalstreams run -v -- mkfif", "signalstreams run -v -- mkfifo ")]
    [InlineData("signalstreams launch /etc/hostnam", "signalstreams launch /etc/hostname ")]
    public async Task Zsh_completes(string line, string expected)
    {
        SkipWithout("zsh");

        var end = await ToolTests.Tool.RunOtherAsync("zsh", "-f", "-c", """
            zmodload zsh/zpty
            zpty shell "TERM=dumb PS1= PATH=${1:h}:\$PATH zsh -f -i"
            zpty -w shell "autoload -U compinit; compinit -u -D; eval \"\$(signalstreams completion zsh)\"; print rea''dy"
            zpty -r shell seen '*ready*'
            zpty -w -n shell "$2"$'\t'"END"$'\C-a'"print -r -- '<"$'\C-e'">'"$'\n'
            zpty -r shell seen '*<*END>*<*END>*'
            print -r -- "${${seen##*<}%%END*}"
            zpty -d shell
            """, "zsh", ToolTests.Tool.Path, line);

        Assert.Equal((0, ""), (end.Code, end.Error));
        Assert.Equal(expected + "\n", end.Output);
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

    private static void SkipWithout(string shell) =>
        Assert.SkipUnless(Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, shell))), $"{shell} is not installed: its completion is not tested.");
}
