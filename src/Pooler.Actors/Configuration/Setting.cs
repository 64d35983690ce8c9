using System.Diagnostics.CodeAnalysis;

namespace Pooler.Actors.Configuration;

/// <summary>One key of section [pgbouncer]: a line of <see cref="SettingTable"/>. Immutable once the table is built.</summary>
public abstract class Setting
{
    private protected Setting(string name, string? defaultText)
    {
        Name = name;
        DefaultText = defaultText;
    }

    /// <summary>The key.</summary>
    public string Name { get; }

    /// <summary>The default as SHOW CONFIG prints it; null prints as NULL.</summary>
    public string? DefaultText { get; }

    /// <summary>RELOAD and SET change the value; otherwise only a restart does.</summary>
    public bool IsChangeable { get; private protected set; } = true;

    /// <summary>null: the setting works. Otherwise setting it has no effect yet, and this says what happens instead.</summary>
    public string? Instead { get; private protected set; }

    /// <summary>The value in <paramref name="settings"/> as SHOW CONFIG prints it; null prints as NULL.</summary>
    public abstract string? Format(GlobalSettings settings);

    /// <summary>True if both have the same value for this key.</summary>
    public abstract bool HasSameValue(GlobalSettings one, GlobalSettings other);

    /// <summary>True if the value asks for something that is not there yet, so that a line in the log must say so.</summary>
    internal abstract bool AsksForWhatIsMissing(GlobalSettings settings);

    /// <summary><paramref name="target"/> with the value that <paramref name="source"/> has for this key.</summary>
    internal abstract GlobalSettings Copy(GlobalSettings source, GlobalSettings target);

    /// <summary>
    /// <paramref name="settings"/> with this key set to what <paramref name="text"/> says. If it cannot be: null in
    /// <paramref name="result"/>, and in <paramref name="cause"/> a sentence why, if there is more to say than that the value is invalid.
    /// </summary>
    internal abstract bool TryParse(GlobalSettings settings, string text, [NotNullWhen(true)] out GlobalSettings? result, out string? cause);
}
