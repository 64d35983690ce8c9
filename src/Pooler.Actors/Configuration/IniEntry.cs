namespace Pooler.Actors.Configuration;

/// <summary>One statement of an ini file: a [section] header (no key), or a key and its value.</summary>
internal sealed record IniEntry(IniLocation Location, string? Section, string? Key, string Value);
