namespace SignalStreams.Tool;

/// <summary>All that is wrong with one file, as it is found.</summary>
internal sealed class SchemaErrors(string file)
{
    // Whoever feeds us a file of errors does not read more of them.
    private const int Most = 100;
    private readonly List<SchemaError> _errors = [];

    public bool Any => _errors.Count > 0;

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<SchemaError> All => [.. _errors.Distinct().OrderBy(error => error.File != file).ThenBy(error => error.Line).ThenBy(error => error.Column)];

    public void Add(YamlNode at, string message, string remedy) => Add(at.Line, at.Column, message, remedy);

    public void Add(long line, long column, string message, string remedy) => Add(new SchemaError(file, line, column, message, remedy));

    public void Add(SchemaError error)
    {
        if (_errors.Count < Most)
        {
            _errors.Add(error);
        }
    }
}
