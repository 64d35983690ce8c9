using System.Diagnostics.CodeAnalysis;
using Pooler.Actors.Configuration;

namespace Pooler.Actors.Tests.Configuration;

/// <summary>Configuration files that exist in memory only.</summary>
internal sealed class MemoryFiles : Dictionary<string, string>, ISettingsFiles
{
    public bool TryRead(string path, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? error)
    {
        bool found = TryGetValue(path, out text);
        error = found ? null : "No such file or directory";
        return found;
    }
}
