using System.Diagnostics.CodeAnalysis;
using Pooler.Actors.Configuration;

namespace Pooler.Testing.Simulation;

/// <summary>The configuration files of a simulated pooler; they exist in memory only.</summary>
internal sealed class SimulatedFiles : ISettingsFiles
{
    private readonly Dictionary<string, string> _files = [];

    /// <summary>Writes a file.</summary>
    internal string this[string path]
    {
        set => _files[path] = value;
    }

    public bool TryRead(string path, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? error)
    {
        var isThere = _files.TryGetValue(path, out text);
        error = isThere ? null : "No such file or directory";
        return isThere;
    }
}
