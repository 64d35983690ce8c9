using System.Collections.Concurrent;
using System.Globalization;

namespace Pooler.Load;

/// <summary>The measured values, a line each: name, value. Errors of any client are counted by their text, by any thread.</summary>
internal sealed class Report(TextWriter output)
{
    private readonly ConcurrentDictionary<string, int> _errors = new();

    /// <summary>Writes a value.</summary>
    public void Value(string name, double value)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {value:0.####}"));
        output.Flush();
    }

    /// <summary>Writes the values of a spread that say most of waiting times.</summary>
    public void Percentiles(string name, Spread spread)
    {
        Value($"{name}_p50", spread.Median);
        Value($"{name}_p95", spread.At(0.95));
        Value($"{name}_p99", spread.At(0.99));
        Value($"{name}_max", spread.Maximum);
    }

    /// <summary>Counts an error.</summary>
    public void Error(string during, Exception exception) => _errors.AddOrUpdate($"{during}: {exception.Message}", 1, (_, count) => count + 1);

    /// <summary>Writes a line for whoever reads along, and not for programs.</summary>
    public void Say(string line)
    {
        output.WriteLine(line);
        output.Flush();
    }

    /// <summary>Writes the errors; true if there were none.</summary>
    public bool End()
    {
        Value("errors", _errors.Values.Sum());
        foreach ((string text, int count) in _errors.OrderByDescending(entry => entry.Value))
        {
            Console.Error.WriteLine($"{count} x {text}");
        }

        return _errors.IsEmpty;
    }
}
