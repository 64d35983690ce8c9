namespace Pooler.Actors.Configuration;

/// <summary>A switch: an integer literal, where 0 is off. Words are not accepted.</summary>
internal sealed class BooleanKind : SettingKind<bool>
{
    public static BooleanKind Instance { get; } = new();

    public override bool TryParse(string text, out bool value)
    {
        bool valid = CNumbers.TryParseLiteral(text, out int number);
        value = number != 0;
        return valid;
    }

    public override string? Format(bool value) => value ? "1" : "0";
}
