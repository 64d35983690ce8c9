namespace Pooler.Load;

/// <summary>What a number of measured values look like together.</summary>
internal sealed class Spread
{
    private readonly double[] _sorted;

    public Spread(IEnumerable<double> values)
    {
        _sorted = [.. values];
        Array.Sort(_sorted);
    }

    public int Count => _sorted.Length;

    public double Minimum => At(0);

    public double Median => At(0.5);

    public double Maximum => At(1);

    /// <summary>Jain's index: 1 when all are equal, 1/n when one has everything.</summary>
    public double JainIndex
    {
        get
        {
            double sum = _sorted.Sum();
            return sum == 0 ? 1 : sum * sum / (_sorted.Length * _sorted.Sum(value => value * value));
        }
    }

    /// <summary>The value below which the given share of all values lies.</summary>
    public double At(double share) => _sorted.Length == 0 ? 0 : _sorted[(int)Math.Min(_sorted.Length - 1, share * _sorted.Length)];
}
