using Akka.Actor;

namespace Akka.Configuration;

/// <summary>A configuration that cannot be read, or a value in it that is not what its reader expects.</summary>
public class ConfigurationException : AkkaException
{
    public ConfigurationException(string message)
        : base(message)
    {
    }

    public ConfigurationException(string message, Exception? exception)
        : base(message, exception)
    {
    }

    /// <summary>The error for a section that <typeparamref name="T"/> needs and that is missing or empty.</summary>
    public static ConfigurationException NullOrEmptyConfig<T>(string? path = null) =>
        new(path is null
            ? $"{typeof(T).Name} needs a configuration section, but it is missing or empty."
            : $"{typeof(T).Name} needs the configuration section '{path}', but it is missing or empty.");
}
