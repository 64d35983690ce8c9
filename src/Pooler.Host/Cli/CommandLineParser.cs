using System.Text;

namespace Pooler.Host.Cli;

/// <summary>
/// Reads the arguments by the rules of GNU getopt_long, with its error texts: short options may be combined, long ones abbreviated as long
/// as they stay unambiguous, options may follow the file, "--" ends them. Pure.
/// </summary>
internal static class CommandLineParser
{
    private const string NoConfigurationFile = "no configuration file specified";

    // The order is the one in which an ambiguous abbreviation lists its candidates.
    private static readonly CommandLineOption[] Options =
    [
        new('q', "quiet", HasArgument: false),
        new('v', "verbose", HasArgument: false),
        new('h', "help", HasArgument: false),
        new('d', "daemon", HasArgument: false),
        new('V', "version", HasArgument: false),
        new('R', "reboot", HasArgument: false),
        new('u', "user", HasArgument: true),
    ];

    /// <summary>Reads <paramref name="arguments"/>, which do not contain the program's own name.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="optionsFirst">True if the first argument that is no option ends the options (POSIXLY_CORRECT is set).</param>
    internal static CommandLine Parse(IReadOnlyList<string> arguments, bool optionsFirst = false)
    {
        var state = new State();
        var files = new List<string>();
        int next = 0;
        while (next < arguments.Count)
        {
            string argument = arguments[next++];
            if (argument == "--")
            {
                break;
            }

            if (argument.Length < 2 || argument[0] != '-')
            {
                files.Add(argument);
                if (optionsFirst)
                {
                    break;
                }

                continue;
            }

            CommandLine? end = argument[1] == '-'
                ? ReadLong(argument, arguments, ref next, state)
                : ReadShort(argument, arguments, ref next, state);
            if (end is not null)
            {
                return end;
            }
        }

        while (next < arguments.Count)
        {
            files.Add(arguments[next++]);
        }

        return files.Count == 1 ? state.ToRun(files[0]) : new CommandLine.Misuse(NoConfigurationFile);
    }

    private static CommandLine? ReadShort(string argument, IReadOnlyList<string> arguments, ref int next, State state)
    {
        for (int i = 1; i < argument.Length; i++)
        {
            char letter = argument[i];
            CommandLineOption? option = Array.Find(Options, o => o.Short == letter);
            if (option is null)
            {
                return new CommandLine.Misuse($"invalid option -- '{letter}'");
            }

            string? value = null;
            if (option.HasArgument)
            {
                if (i + 1 < argument.Length)
                {
                    value = argument[(i + 1)..];
                    i = argument.Length;
                }
                else if (next < arguments.Count)
                {
                    value = arguments[next++];
                }
                else
                {
                    return new CommandLine.Misuse($"option requires an argument -- '{letter}'");
                }
            }

            if (state.Apply(option, value) is { } end)
            {
                return end;
            }
        }

        return null;
    }

    private static CommandLine? ReadLong(string argument, IReadOnlyList<string> arguments, ref int next, State state)
    {
        int equals = argument.IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? argument[2..] : argument[2..equals];
        string? value = equals < 0 ? null : argument[(equals + 1)..];

        CommandLineOption? option = Array.Find(Options, o => o.Long == name);
        if (option is null)
        {
            CommandLineOption[] candidates = Array.FindAll(Options, o => o.Long.StartsWith(name, StringComparison.Ordinal));
            if (candidates.Length == 0)
            {
                return new CommandLine.Misuse($"unrecognized option '{argument}'");
            }

            if (candidates.Length > 1)
            {
                return new CommandLine.Misuse(AmbiguousText(argument, candidates));
            }

            option = candidates[0];
        }

        if (value is not null && !option.HasArgument)
        {
            return new CommandLine.Misuse($"option '--{option.Long}' doesn't allow an argument");
        }

        if (value is null && option.HasArgument)
        {
            if (next == arguments.Count)
            {
                return new CommandLine.Misuse($"option '--{option.Long}' requires an argument");
            }

            value = arguments[next++];
        }

        return state.Apply(option, value);
    }

    private static string AmbiguousText(string argument, CommandLineOption[] candidates)
    {
        var text = new StringBuilder();
        text.Append("option '").Append(argument).Append("' is ambiguous; possibilities:");
        foreach (CommandLineOption candidate in candidates)
        {
            text.Append(" '--").Append(candidate.Long).Append('\'');
        }

        return text.ToString();
    }

    /// <summary>The options seen so far.</summary>
    private sealed class State
    {
        private bool _daemon;
        private bool _quiet;
        private bool _reboot;
        private string? _user;
        private int _verbosity;

        /// <summary>Notes one option; one that ends the reading at once gives what it asks for.</summary>
        public CommandLine? Apply(CommandLineOption option, string? value)
        {
            switch (option.Short)
            {
                case 'd':
                    _daemon = true;
                    return null;
                case 'q':
                    _quiet = true;
                    return null;
                case 'R':
                    _reboot = true;
                    return null;
                case 'u':
                    _user = value;
                    return null;
                case 'v':
                    _verbosity++;
                    return null;
                case 'V':
                    return new CommandLine.ShowVersion();
                default:
                    return new CommandLine.ShowHelp();
            }
        }

        public CommandLine.Run ToRun(string file) => new()
        {
            ConfigFile = file,
            Daemon = _daemon,
            Quiet = _quiet,
            Reboot = _reboot,
            User = _user,
            Verbosity = _verbosity,
        };
    }
}
