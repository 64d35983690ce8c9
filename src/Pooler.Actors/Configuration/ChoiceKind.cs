namespace Pooler.Actors.Configuration;

/// <summary>One of the words that stand for the values of an enumeration, in any case.</summary>
internal sealed class ChoiceKind<T> : SettingKind<T>
    where T : struct, Enum
{
    private readonly (string Word, T Value)[] _choices;

    public ChoiceKind(params (string Word, T Value)[] choices)
    {
        _choices = choices;
    }

    public override bool TryParse(string text, out T value)
    {
        foreach ((string word, T choice) in _choices)
        {
            if (word.Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                value = choice;
                return true;
            }
        }

        value = default;
        return false;
    }

    public override string Format(T value)
    {
        foreach ((string word, T choice) in _choices)
        {
            if (EqualityComparer<T>.Default.Equals(choice, value))
                return word;
        }

        throw new ArgumentOutOfRangeException(nameof(value), value, "no word stands for this value");
    }
}
