using System.Globalization;

namespace Pooler.Actors.Configuration;

/// <summary>A duration in whole seconds, written as an integer literal; negative ones count as zero.</summary>
internal sealed class WholeSecondsKind : SettingKind<TimeSpan>
{
    public static WholeSecondsKind Instance { get; } = new();

    public override bool TryParse(string text, out TimeSpan value)
    {
        bool valid = CNumbers.TryParseLiteral(text, out int seconds);
        value = TimeSpan.FromSeconds(Math.Max(seconds, 0));
        return valid;
    }

    public override string? Format(TimeSpan value) => ((long)value.TotalSeconds).ToString(CultureInfo.InvariantCulture);
}
