namespace SignalStreams.Benchmarks;

/// <summary>Measures two ways of doing the same thing in short blocks that take turns, so that the noise of the machine hits both alike.</summary>
/// <remarks>The first way is measured twice in each round: how far its second ratio is from 1 is the noise of the ratio.</remarks>
internal sealed class Comparison(int warmUpRounds, int rounds, string unit)
{
    /// <summary>Prints the head of the table that <see cref="AddAsync"/> adds to.</summary>
    public void Start(string subject)
    {
        Console.WriteLine($"| {subject} | what | p10 {unit} | p50 {unit} | p90 {unit} | p99 {unit} | ratio of p50, by round (10-90 %) |");
        Console.WriteLine("|---|---|---:|---:|---:|---:|---:|");
    }

    /// <param name="subject">What the rows are about.</param>
    /// <param name="sides">The baseline, then what is compared to it; each measures one block.</param>
    public async Task AddAsync(string subject, params (string Name, Func<Task<double[]>> Measure)[] sides)
    {
        sides = [sides[0], (sides[0].Name + " again", sides[0].Measure), .. sides[1..]];
        var samples = sides.Select(_ => new List<double[]>()).ToArray();
        var order = Enumerable.Range(0, sides.Length).ToArray();
        for (var round = -warmUpRounds; round < rounds; round++)
        {
            Random.Shared.Shuffle(order);
            foreach (var side in order)
            {
                var block = await sides[side].Measure();
                if (round >= 0)
                {
                    Array.Sort(block);
                    samples[side].Add(block);
                }
            }
        }

        for (var side = 0; side < sides.Length; side++)
        {
            Print(subject, sides[side].Name, samples[side], samples[0]);
        }
    }

    private static void Print(string subject, string name, List<double[]> blocks, List<double[]> baseline)
    {
        var all = blocks.SelectMany(block => block).Order().ToArray();
        var ratios = blocks.Zip(baseline, (block, its) => Quantile(block, 0.5) / Quantile(its, 0.5)).Order().ToArray();
        Console.WriteLine($"| {subject} | {name} | {Quantile(all, 0.1):F1} | {Quantile(all, 0.5):F1} | {Quantile(all, 0.9):F1} | {Quantile(all, 0.99):F1}"
            + $" | {Quantile(ratios, 0.5):F2} ({Quantile(ratios, 0.1):F2}-{Quantile(ratios, 0.9):F2}) |");
    }

    private static double Quantile(double[] sorted, double share) => sorted[(int)Math.Round(share * (sorted.Length - 1))];
}
