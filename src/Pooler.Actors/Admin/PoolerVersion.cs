namespace Pooler.Actors.Admin;

/// <summary>What the pooler calls itself. Tools read the first two words, so those are PgBouncer's name and the version it stands in for.</summary>
public static class PoolerVersion
{
    /// <summary>SHOW VERSION and the first line of --version.</summary>
    public const string Text = "PgBouncer 1.25.2 (Pooler 0.1.0)";

    /// <summary>The server_version parameter of the console.</summary>
    public const string ServerVersion = "1.25.2/bouncer";
}
