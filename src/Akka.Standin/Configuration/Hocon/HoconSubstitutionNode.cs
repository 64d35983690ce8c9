namespace Akka.Configuration.Hocon;

/// <summary><c>${path}</c>, or <c>${?path}</c> that may be missing.</summary>
internal sealed class HoconSubstitutionNode(string path, bool isOptional, HoconPosition position) : HoconNode(position)
{
    internal string Path { get; } = path;

    internal string[] Elements { get; } = HoconPath.Split(path);

    internal bool IsOptional { get; } = isOptional;

    /// <summary>Set while the resolver follows it: meeting it again means a circle.</summary>
    internal bool IsBeingResolved { get; set; }
}
