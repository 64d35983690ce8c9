namespace Pooler.Host.Cli;

/// <summary>What the command line asks for. Immutable.</summary>
internal abstract record CommandLine
{
    private CommandLine()
    {
    }

    /// <summary>-V: print the version and exit 0.</summary>
    internal sealed record ShowVersion : CommandLine;

    /// <summary>-h: print the usage and exit 0.</summary>
    internal sealed record ShowHelp : CommandLine;

    /// <summary>Not understood: print <paramref name="Text"/> behind the program's name, then where help is to be had, and exit 1.</summary>
    internal sealed record Misuse(string Text) : CommandLine;

    /// <summary>Run with this configuration file.</summary>
    internal sealed record Run : CommandLine
    {
        public required string ConfigFile { get; init; }

        /// <summary>-d: into the background.</summary>
        public bool Daemon { get; init; }

        /// <summary>-q: nothing to stderr.</summary>
        public bool Quiet { get; init; }

        /// <summary>-R: take over from a running process.</summary>
        public bool Reboot { get; init; }

        /// <summary>-u: the operating system user to run as; null: not given.</summary>
        public string? User { get; init; }

        /// <summary>How often -v was given.</summary>
        public int Verbosity { get; init; }
    }
}
