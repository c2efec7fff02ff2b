namespace SignalStreams.Tool;

/// <summary>Which known word somebody may have meant.</summary>
internal static class Suggestion
{
    /// <summary>The nearest one, when it is near enough to be meant.</summary>
    public static string? For(string word, IEnumerable<string> known) => known
        .Select(candidate => (candidate, distance: Distance(Plain(word), Plain(candidate))))
        .Where(near => near.distance <= Math.Max(1, near.candidate.Length / 3))
        .OrderBy(near => near.distance)
        .Select(near => near.candidate)
        .FirstOrDefault();

    private static string Plain(string word) => word.Length > 100 ? word[..100] : word.Replace('_', '-').ToUpperInvariant();

    // Levenshtein's, with a neighbouring pair changed over as one step.
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1][];
        for (var i = 0; i <= a.Length; i++)
        {
            d[i] = new int[b.Length + 1];
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    d[i][j] = i + j;
                    continue;
                }

                var change = a[i - 1] == b[j - 1] ? 0 : 1;
                d[i][j] = Math.Min(Math.Min(d[i - 1][j] + 1, d[i][j - 1] + 1), d[i - 1][j - 1] + change);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i][j] = Math.Min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }

        return d[a.Length][b.Length];
    }
}
