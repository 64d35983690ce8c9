namespace Akka.Configuration.Hocon;

/// <summary>A part of a document as written, before substitutions are resolved.</summary>
internal abstract class HoconNode(HoconPosition position)
{
    internal HoconPosition Position { get; } = position;
}
