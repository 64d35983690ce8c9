namespace Pooler.Actors.Configuration;

/// <summary>A duration in seconds, with or without a fraction, never negative.</summary>
internal sealed class SecondsKind : SettingKind<TimeSpan>
{
    public static SecondsKind Instance { get; } = new();

    public override bool TryParse(string text, out TimeSpan value) => CNumbers.TryParseSeconds(text, out value);

    public override string? Format(TimeSpan value) => CNumbers.FormatGeneral(value.TotalSeconds);
}
