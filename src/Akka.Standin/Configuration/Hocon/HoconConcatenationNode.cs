namespace Akka.Configuration.Hocon;

/// <summary>Values written next to each other: texts join, lists append, objects merge.</summary>
internal sealed class HoconConcatenationNode(IReadOnlyList<HoconNode> parts) : HoconNode(parts[0].Position)
{
    internal IReadOnlyList<HoconNode> Parts { get; } = parts;
}
