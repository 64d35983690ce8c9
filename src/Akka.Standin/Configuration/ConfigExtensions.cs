using System.Diagnostics.CodeAnalysis;

namespace Akka.Configuration;

/// <summary>Null-tolerant helpers for sections that may be absent.</summary>
public static class ConfigExtensions
{
    /// <summary>The section with a fallback, or just the fallback when the section is missing or empty.</summary>
    [return: NotNullIfNotNull(nameof(config)), NotNullIfNotNull(nameof(fallback))]
    public static Config? SafeWithFallback(this Config? config, Config? fallback)
    {
        if (config is null || config.IsEmpty)
        {
            return fallback ?? config;
        }

        return fallback is null || ReferenceEquals(config, fallback) ? config : config.WithFallback(fallback);
    }

    public static bool IsNullOrEmpty([NotNullWhen(false)] this Config? config) =>
        config is null || config.IsEmpty;
}
