using System.Globalization;

namespace Pooler.Actors.Configuration;

/// <summary>An integer written as a C literal; values beyond 32 bits count as the nearest that fits.</summary>
internal sealed class IntegerKind : SettingKind<int>
{
    public static IntegerKind Instance { get; } = new();

    public override bool TryParse(string text, out int value) => CNumbers.TryParseLiteral(text, out value);

    public override string? Format(int value) => value.ToString(CultureInfo.InvariantCulture);
}
