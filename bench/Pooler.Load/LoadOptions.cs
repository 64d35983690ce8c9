using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Pooler.Load;

/// <summary>The command line.</summary>
internal sealed class LoadOptions
{
    public const string Usage = """
        usage: pooler-load clients|fairness --port PORT [--OPTION VALUE]...
          --host ADDRESS      the pooler's address; the clients spread over --addresses of them, this one and those that follow it (127.0.0.1)
          --addresses N       (1)
          --unix DIRECTORY    a part of the clients, as many as on one address, takes the unix socket there
          --user NAME --password TEXT --database NAME   (postgres, none, bench)
          --clients N         how many (clients: 40000, fairness: 200)
          --at-once N         logins under way at a time while opening (100)
          --active N          clients that run transactions (300)
          --seconds N         for how long (10)
          --pause MS          what an active client waits between two transactions (clients: 100, fairness: 0)
          --query SQL         the transaction (SELECT 1)
          --idle N            seconds for which the processor time of the idle pooler is measured (10)
          --storms N          times that all clients leave and come back at once (1)
          --pid PID           the pooler's process: memory and processor time are measured
          --hold              after opening: print "ready" and hold the clients until the standard input ends
        """;

    private static readonly Dictionary<string, Action<LoadOptions, string>> Known = new()
    {
        ["--host"] = (o, v) => o.Host = v,
        ["--port"] = (o, v) => o.Port = Number(v),
        ["--addresses"] = (o, v) => o.Addresses = Number(v),
        ["--unix"] = (o, v) => o.UnixDirectory = v,
        ["--user"] = (o, v) => o.User = v,
        ["--password"] = (o, v) => o.Password = v,
        ["--database"] = (o, v) => o.Database = v,
        ["--clients"] = (o, v) => o.Clients = Number(v),
        ["--at-once"] = (o, v) => o.AtOnce = Number(v),
        ["--active"] = (o, v) => o.Active = Number(v),
        ["--seconds"] = (o, v) => o.Seconds = Number(v),
        ["--pause"] = (o, v) => o.PauseMilliseconds = Number(v),
        ["--query"] = (o, v) => o.Query = v,
        ["--idle"] = (o, v) => o.IdleSeconds = Number(v),
        ["--storms"] = (o, v) => o.Storms = Number(v),
        ["--pid"] = (o, v) => o.ProcessId = Number(v),
    };

    public required LoadKind Load { get; init; }

    public string Host { get; private set; } = "127.0.0.1";

    public int Port { get; private set; }

    public int Addresses { get; private set; } = 1;

    public string? UnixDirectory { get; private set; }

    public string User { get; private set; } = "postgres";

    public string Password { get; private set; } = "";

    public string Database { get; private set; } = "bench";

    public int Clients { get; private set; }

    public int AtOnce { get; private set; } = 100;

    public int Active { get; private set; } = 300;

    public int Seconds { get; private set; } = 10;

    public int PauseMilliseconds { get; private set; }

    public string Query { get; private set; } = "SELECT 1";

    public int IdleSeconds { get; private set; } = 10;

    public int Storms { get; private set; } = 1;

    public int? ProcessId { get; private set; }

    public bool Hold { get; private set; }

    public static bool TryParse(string[] arguments, [NotNullWhen(true)] out LoadOptions? options, [NotNullWhen(false)] out string? error)
    {
        options = arguments.FirstOrDefault() switch
        {
            "clients" => new LoadOptions { Load = LoadKind.Clients, Clients = 40_000, PauseMilliseconds = 100 },
            "fairness" => new LoadOptions { Load = LoadKind.Fairness, Clients = 200, AtOnce = 50 },
            _ => null,
        };
        error = options is null ? "the load is missing" : null;
        for (int i = 1; i < arguments.Length && options is not null; i++)
        {
            if (arguments[i] == "--hold")
            {
                options.Hold = true;
            }
            else if (!Known.TryGetValue(arguments[i], out Action<LoadOptions, string>? set) || i + 1 == arguments.Length)
            {
                error = $"not understood: {arguments[i]}";
                options = null;
            }
            else
            {
                try
                {
                    set(options, arguments[++i]);
                }
                catch (FormatException)
                {
                    error = $"not a number: {arguments[i]}";
                    options = null;
                }
            }
        }

        if (options is { Port: 0 })
        {
            error = "--port is missing";
            options = null;
        }

        return error is null && options is not null;
    }

    private static int Number(string value) => int.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture);
}
