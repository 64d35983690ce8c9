namespace Pooler.Actors.Configuration;

/// <summary>
/// Reads the value of one line of [databases], [users] or [peers] into a record of type <typeparamref name="T"/>, with a table of the
/// parameters that may occur. Pure.
/// </summary>
internal sealed class LineParser<T>
{
    private readonly Dictionary<string, Apply> _parameters;
    private readonly string _syntaxError;
    private readonly string _unknownParameter;

    public LineParser(string syntaxError, string unknownParameter, Dictionary<string, Apply> parameters)
    {
        _syntaxError = syntaxError;
        _unknownParameter = unknownParameter;
        _parameters = parameters;
    }

    /// <summary>Puts one parameter's value into the record; returns what is wrong with the value, or null.</summary>
    public delegate string? Apply(ref T record, string value);

    /// <summary>Reads <paramref name="text"/> into <paramref name="record"/>, the last of several equal parameters counts; returns the first error or null.</summary>
    public string? Parse(string text, ref T record)
    {
        List<KeyValuePair<string, string>> pairs = [];
        bool valid = ConnectionString.TryParse(text, pairs);
        foreach ((string key, string value) in pairs)
        {
            if (!_parameters.TryGetValue(key, out Apply? apply))
                return $"{_unknownParameter}: {key}";

            string? error = apply(ref record, value);
            if (error is not null)
                return error;
        }

        return valid ? null : _syntaxError;
    }

    /// <summary>A parameter that takes any text.</summary>
    public static Apply Text(Func<T, string, T> set) => (ref record, value) =>
    {
        record = set(record, value);
        return null;
    };

    /// <summary>A number where anything below 0 means unset.</summary>
    public static Apply Count(Func<T, int?, T> set) => (ref record, value) =>
    {
        int number = CNumbers.ParseLeading(value);
        record = set(record, number < 0 ? null : number);
        return null;
    };

    /// <summary>Whole seconds where anything below 0 means unset.</summary>
    public static Apply Seconds(Func<T, TimeSpan?, T> set) => (ref record, value) =>
    {
        int seconds = CNumbers.ParseLeading(value);
        record = set(record, seconds < 0 ? null : TimeSpan.FromSeconds(seconds));
        return null;
    };

    /// <summary>A port, 1 to 65535.</summary>
    public static Apply Port(Func<T, int, T> set) => (ref record, value) =>
    {
        int port = CNumbers.ParseLeading(value);
        if (port is < 1 or > 65535)
            return "invalid port: " + value;

        record = set(record, port);
        return null;
    };

    /// <summary>One of the words of an enumeration; <paramref name="name"/> is for the error.</summary>
    public static Apply Choice<TChoice>(string name, ChoiceKind<TChoice> kind, Func<T, TChoice, T> set)
        where TChoice : struct, Enum => (ref record, value) =>
    {
        if (!kind.TryParse(value, out TChoice choice))
            return $"invalid {name}: {value}";

        record = set(record, choice);
        return null;
    };
}
