namespace Akka.Configuration.Hocon;

/// <summary>A value that needs no resolving: a text, null, or something that an include brought.</summary>
internal sealed class HoconValueNode(HoconValue value, bool isSpace = false) : HoconNode(value.Position)
{
    internal HoconValue Value { get; } = value;

    /// <summary>Whitespace between two parts of a concatenation: it counts between texts and not between lists or objects.</summary>
    internal bool IsSpace { get; } = isSpace;
}
