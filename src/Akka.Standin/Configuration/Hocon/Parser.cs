namespace Akka.Configuration.Hocon;

/// <summary>The door to the HOCON reader (HOCON.md of the lightbend/config project is the grammar).</summary>
public class Parser
{
    private Parser()
    {
    }

    /// <summary>Reads a document and resolves its substitutions.</summary>
    /// <param name="text">The document.</param>
    /// <param name="includeCallback">Gives the content for the name in an <c>include</c>; null when there is none.</param>
    /// <exception cref="ConfigurationException">With line and column, when the text is not HOCON.</exception>
    public static HoconRoot Parse(string text, Func<string, HoconRoot?>? includeCallback)
    {
        ArgumentNullException.ThrowIfNull(text);
        var document = new HoconDocumentReader(text, includeCallback).Read();
        return new HoconRoot(new HoconResolver(document).Resolve());
    }
}
