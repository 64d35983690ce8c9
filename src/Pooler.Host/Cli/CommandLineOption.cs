namespace Pooler.Host.Cli;

/// <summary>One option by its two names; <paramref name="HasArgument"/> tells that a value must follow.</summary>
internal sealed record CommandLineOption(char Short, string Long, bool HasArgument);
