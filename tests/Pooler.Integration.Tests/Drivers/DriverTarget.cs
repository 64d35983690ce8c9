using System.Globalization;
using Pooler.Testing.Postgres;

namespace Pooler.Integration.Tests.Drivers;

/// <summary>Where a driver connects to: PostgreSQL itself, or a pooler in front of it. Each run has a database of its own.</summary>
internal sealed record DriverTarget(string Host, int Port, string Database)
{
    private const string User = "bouncer";

    /// <summary>The variables by which libpq and most drivers are told where to connect.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>
    {
        ["PGHOST"] = Host,
        ["PGPORT"] = Port.ToString(CultureInfo.InvariantCulture),
        ["PGUSER"] = User,
        ["PGPASSWORD"] = PostgresCluster.Password,
        ["PGDATABASE"] = Database,
    };

    /// <summary>The same for a libpq that is to ask for this version of the protocol and to take no other; one older than 18 knows none of these variables.</summary>
    public IReadOnlyDictionary<string, string> EnvironmentFor(string protocolVersion) => new Dictionary<string, string>(Environment)
    {
        ["PGMINPROTOCOLVERSION"] = protocolVersion,
        ["PGMAXPROTOCOLVERSION"] = protocolVersion,
    };

    /// <summary>The same for Npgsql, whose type loading and reset stay as they are by default; its pool has a place for each in session mode.</summary>
    public string ConnectionString(string more = "") => string.Create(
        CultureInfo.InvariantCulture,
        $"Host={Host};Port={Port};Username={User};Password={PostgresCluster.Password};Database={Database};Timeout=60;Command Timeout=120;Maximum Pool Size=10;{more}");
}
