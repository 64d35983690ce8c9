namespace Akka.Configuration.Hocon;

/// <summary>One key of an object with everything that was assigned to it, in the document's order: a self-reference looks back at what came before.</summary>
internal sealed class HoconEntry(string path)
{
    /// <summary>The whole path, for messages.</summary>
    internal string Path { get; } = path;

    internal List<HoconNode> Assignments { get; } = [];

    internal bool IsResolved { get; set; }

    /// <summary>Null when every assignment was an optional substitution of something missing.</summary>
    internal HoconValue? Resolved { get; set; }

    /// <summary>How many assignments lie before the one that is being resolved; null when none is.</summary>
    internal int? Before { get; set; }
}
