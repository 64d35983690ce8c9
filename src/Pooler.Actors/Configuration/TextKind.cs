namespace Pooler.Actors.Configuration;

/// <summary>Text, taken as it is written.</summary>
internal sealed class TextKind : SettingKind<string>
{
    public static TextKind Instance { get; } = new();

    public override bool TryParse(string text, out string value)
    {
        value = text;
        return true;
    }

    public override string? Format(string value) => value;
}
