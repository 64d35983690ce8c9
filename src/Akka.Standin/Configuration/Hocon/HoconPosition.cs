namespace Akka.Configuration.Hocon;

/// <summary>Where something stands in a document; both numbers start at 1, and a default value means unknown.</summary>
internal readonly record struct HoconPosition(int Line, int Column)
{
    public override string ToString() => $"line {Line}, column {Column}";

    internal ConfigurationException Error(string message) => new($"{message} ({this})");
}
