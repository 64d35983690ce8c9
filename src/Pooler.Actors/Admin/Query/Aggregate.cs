using System.Globalization;

namespace Pooler.Actors.Admin.Query;

/// <summary>One aggregate of one group while rows are added to it.</summary>
internal sealed class Aggregate(QueryOperandKind kind)
{
    // PostgreSQL gives an average at least this many significant digits, in steps of four.
    private const int SignificantDigits = 16;
    private const int DigitsPerStep = 4;

    private long _count;
    private decimal _sum;
    private QueryValue _extreme;

    /// <summary>Takes the value of one more row; only count(*) counts NULL.</summary>
    public void Add(QueryValue value)
    {
        if (kind == QueryOperandKind.CountRows)
        {
            _count++;
            return;
        }

        if (value.IsNull)
            return;

        _count++;
        switch (kind)
        {
            case QueryOperandKind.Sum or QueryOperandKind.Average:
                _sum += value.Number;
                break;
            case QueryOperandKind.Min when _count == 1 || QueryValue.Compare(value, _extreme) < 0:
            case QueryOperandKind.Max when _count == 1 || QueryValue.Compare(value, _extreme) > 0:
                _extreme = value;
                break;
        }
    }

    /// <summary>The aggregate over all rows so far, as text; null is NULL.</summary>
    public string? Result() => kind switch
    {
        QueryOperandKind.CountRows or QueryOperandKind.Count => _count.ToString(CultureInfo.InvariantCulture),
        _ when _count == 0 => null,
        QueryOperandKind.Sum => _sum.ToString(CultureInfo.InvariantCulture),
        QueryOperandKind.Average => Average(),
        _ => _extreme.IsNumber ? _extreme.Number.ToString(CultureInfo.InvariantCulture) : _extreme.Text,
    };

    private string Average()
    {
        (int sumWeight, int sumFirst) = Leading(Math.Abs(_sum));
        (int countWeight, int countFirst) = Leading(_count);
        int weight = sumWeight - countWeight;
        if (sumFirst <= countFirst)
            weight--;

        int digits = Math.Clamp(SignificantDigits - (weight * DigitsPerStep), 0, 28);
        decimal average = Math.Round(_sum / _count, digits, MidpointRounding.AwayFromZero);
        return average.ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    // The number of whole groups of four digits behind the first one, and the first one.
    private static (int Weight, int First) Leading(decimal value)
    {
        int weight = 0;
        while (value >= 10000)
        {
            value = decimal.Truncate(value / 10000);
            weight++;
        }

        return (weight, (int)value);
    }
}
