namespace SignalStreams.Tool;

/// <summary>Says what to do with a Jinja template, which this tool cannot render.</summary>
internal static class JinjaTemplates
{
    // drekar-launch's own settings and variables.
    private const string Script =
        "import jinja2,os,sys;p=os.path.abspath(sys.argv[1]);d=os.path.dirname(p);"
        + "print(jinja2.Environment(loader=jinja2.FileSystemLoader(d),undefined=jinja2.StrictUndefined,trim_blocks=True,lstrip_blocks=True)"
        + ".from_string(open(p).read()).render(configdir=d,configpath=p,env=os.environ,platform=sys.platform,"
        + "vars=dict(a.split(\"=\",1) for a in sys.argv[2:])))";

    /// <summary>The message, with a command to copy.</summary>
    public static string Explain(string template, IEnumerable<string> variables)
    {
        var name = Path.GetFileName(template);
        var rendered = name.EndsWith(".j2", StringComparison.Ordinal) && name.Length > 3 ? name[..^3] : $"{name}.yaml";
        var values = string.Concat(variables.Select(variable => " " + Quote(variable["--var-".Length..])));
        return $"""
            '{template}' is a Jinja template, and this tool has no Jinja engine. Render it first (needs python3 and its package jinja2), then launch what comes out:
              python3 -c {Quote(Script)} {Quote(template)}{values} > {Quote(rendered)}
              signalstreams launch {Quote(rendered)}
            """;
    }

    private static string Quote(string word) => word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '/' or '_' or '-' or '=' or ':' or ',')
        ? word
        : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
