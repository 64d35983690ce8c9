using System.Reflection;
using Akka.Configuration.Hocon;

namespace Akka.Configuration;

/// <summary>Makes <see cref="Config"/>s from HOCON text. Thread-safe.</summary>
public class ConfigurationFactory
{
    private static readonly Lazy<Config> Reference =
        new(() => FromResource("Akka.Configuration.akka.conf", typeof(ConfigurationFactory).Assembly));

    private ConfigurationFactory()
    {
    }

    public static Config Empty => Config.Empty;

    /// <summary>Parses a text that has no includes.</summary>
    /// <exception cref="ConfigurationException">With line and column, when the text is not HOCON.</exception>
    public static Config ParseString(string hocon) => ParseString(hocon, null);

    /// <param name="hocon">The text.</param>
    /// <param name="includeCallback">Gives the parsed content for the name in an <c>include</c>; null when there is none.</param>
    public static Config ParseString(string hocon, Func<string, HoconRoot?>? includeCallback) =>
        new(Parser.Parse(hocon, includeCallback));

    /// <summary>The defaults of every setting that the actor system reads.</summary>
    public static Config Default() => Reference.Value;

    public static Config FromResource<TAssembly>(string resourceName) => FromResource(resourceName, typeof(TAssembly).Assembly);

    public static Config FromResource(string resourceName, Assembly assembly)
    {
        using var stream = assembly.GetManifestResourceStream(resourceName)
            ?? throw new ConfigurationException($"The assembly {assembly.GetName().Name} has no resource '{resourceName}'.");
        using var reader = new StreamReader(stream);
        return ParseString(reader.ReadToEnd());
    }
}
