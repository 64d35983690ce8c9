namespace Pooler.Actors.Configuration;

/// <summary>Text that has no value until it is set.</summary>
internal sealed class OptionalTextKind : SettingKind<string?>
{
    public static OptionalTextKind Instance { get; } = new();

    public override bool TryParse(string text, out string? value)
    {
        value = text;
        return true;
    }

    public override string? Format(string? value) => value;
}
