using System.Diagnostics.CodeAnalysis;

namespace Pooler.Actors.Configuration;

/// <summary>Where configuration files come from: the disk, or a test's memory.</summary>
public interface ISettingsFiles
{
    /// <summary>The whole text of a file; otherwise <paramref name="error"/> says why not, in the operating system's words.</summary>
    public bool TryRead(string path, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? error);
}
