using System.Diagnostics.CodeAnalysis;

namespace Pooler.Actors.Configuration;

/// <summary>How values of one type are read from the file and printed by SHOW CONFIG. Pure.</summary>
internal abstract class SettingKind<T>
{
    /// <summary>Reads the whole of <paramref name="text"/>.</summary>
    public abstract bool TryParse(string text, [MaybeNullWhen(false)] out T value);

    /// <summary>The text for SHOW CONFIG; null prints as NULL.</summary>
    public abstract string? Format(T value);
}
