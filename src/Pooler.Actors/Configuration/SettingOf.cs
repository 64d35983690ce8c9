using System.Diagnostics.CodeAnalysis;

namespace Pooler.Actors.Configuration;

/// <summary>A <see cref="Setting"/> whose property is of type <typeparamref name="T"/>. The fluent methods are for the table alone.</summary>
internal sealed class SettingOf<T> : Setting
{
    private readonly SettingKind<T> _kind;
    private readonly Func<GlobalSettings, T> _get;
    private readonly Func<GlobalSettings, T, GlobalSettings> _set;
    private Func<T, string?>? _refusal;
    private Func<T, bool>? _missing;

    internal SettingOf(
        string name, string? defaultText, SettingKind<T> kind, Func<GlobalSettings, T> get, Func<GlobalSettings, T, GlobalSettings> set)
        : base(name, defaultText)
    {
        _kind = kind;
        _get = get;
        _set = set;
    }

    public override string? Format(GlobalSettings settings) => _kind.Format(_get(settings));

    public override bool HasSameValue(GlobalSettings one, GlobalSettings other) =>
        EqualityComparer<T>.Default.Equals(_get(one), _get(other));

    /// <summary>Only a restart changes it.</summary>
    internal SettingOf<T> AtRestart()
    {
        IsChangeable = false;
        return this;
    }

    /// <summary>Setting it has no effect yet; <paramref name="missing"/> tells which values ask for the effect (null: all but the default).</summary>
    internal SettingOf<T> NotYet(string instead, Func<T, bool>? missing = null)
    {
        Instead = instead;
        _missing = missing;
        return this;
    }

    /// <summary>Values for which <paramref name="refusal"/> gives a sentence are errors with that sentence.</summary>
    internal SettingOf<T> Refusing(Func<T, string?> refusal)
    {
        _refusal = refusal;
        return this;
    }

    internal override bool AsksForWhatIsMissing(GlobalSettings settings)
    {
        if (Instead is null)
            return false;

        return _missing is null ? !HasSameValue(settings, GlobalSettings.Default) : _missing(_get(settings));
    }

    internal override GlobalSettings Copy(GlobalSettings source, GlobalSettings target) => _set(target, _get(source));

    internal override bool TryParse(GlobalSettings settings, string text, [NotNullWhen(true)] out GlobalSettings? result, out string? cause)
    {
        result = null;
        cause = null;
        if (!_kind.TryParse(text, out T? value))
            return false;

        cause = _refusal?.Invoke(value);
        if (cause is not null)
            return false;

        result = _set(settings, value);
        return true;
    }
}
