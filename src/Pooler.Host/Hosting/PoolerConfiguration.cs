using System.Diagnostics.CodeAnalysis;
using Akka.Configuration;
using Pooler.Actors.Transport;

namespace Pooler.Host.Hosting;

/// <summary>The actor system's configuration: hocon/pooler.conf, an operator's file over it, and the dispatchers of the I/O loops.</summary>
internal static class PoolerConfiguration
{
    /// <summary>Environment variable with the path of the operator's file.</summary>
    public const string OverrideVariable = "POOLER_HOCON";

    private const string Resource = "pooler.conf";

    /// <summary>The configuration without the loops. False with the text of the fatal line if the operator's file is not usable.</summary>
    public static bool TryLoad(string? overrideFile, [NotNullWhen(true)] out Config? configuration, [NotNullWhen(false)] out string? fatalText)
    {
        configuration = ConfigurationFactory.ParseString(ReadResource());
        fatalText = null;
        if (string.IsNullOrEmpty(overrideFile))
        {
            return true;
        }

        try
        {
            configuration = ConfigurationFactory.ParseString(File.ReadAllText(overrideFile)).WithFallback(configuration);
            return true;
        }
        catch (Exception e)
        {
            // What the parser throws for a broken text is not part of its contract, and a file can fail in many ways: all end the same.
            configuration = null;
            fatalText = $"cannot use {OverrideVariable} file '{overrideFile}': {e.Message}";
            return false;
        }
    }

    /// <summary>Adds the loops' dispatchers.</summary>
    public static Config WithLoops(Config configuration, LoopSet loops)
    {
        int throughput = configuration.GetInt("pooler.io-loop-throughput", 30);
        return ConfigurationFactory.ParseString(loops.DispatcherConfiguration(throughput)).WithFallback(configuration);
    }

    private static string ReadResource()
    {
        using Stream stream = typeof(PoolerConfiguration).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The program holds no {Resource}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
