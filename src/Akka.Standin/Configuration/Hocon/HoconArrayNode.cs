namespace Akka.Configuration.Hocon;

internal sealed class HoconArrayNode(HoconPosition position) : HoconNode(position)
{
    internal List<HoconNode> Items { get; } = [];
}
