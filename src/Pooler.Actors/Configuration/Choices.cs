namespace Pooler.Actors.Configuration;

/// <summary>The words of each enumeration in the configuration.</summary>
internal static class Choices
{
    public static ChoiceKind<PoolMode> PoolMode { get; } = new(
        ("session", Configuration.PoolMode.Session),
        ("transaction", Configuration.PoolMode.Transaction),
        ("statement", Configuration.PoolMode.Statement));

    public static ChoiceKind<StateTracking> StateTracking { get; } = new(
        ("off", Configuration.StateTracking.Off),
        ("warn", Configuration.StateTracking.Warn),
        ("pin", Configuration.StateTracking.Pin),
        ("replay", Configuration.StateTracking.Replay));

    public static ChoiceKind<AuthType> AuthType { get; } = new(
        ("any", Configuration.AuthType.Any),
        ("trust", Configuration.AuthType.Trust),
        ("plain", Configuration.AuthType.Plain),
        ("md5", Configuration.AuthType.Md5),
        ("cert", Configuration.AuthType.Cert),
        ("hba", Configuration.AuthType.Hba),
        ("ldap", Configuration.AuthType.Ldap),
        ("pam", Configuration.AuthType.Pam),
        ("scram-sha-256", Configuration.AuthType.ScramSha256));

    public static ChoiceKind<SslMode> SslMode { get; } = new(
        ("disable", Configuration.SslMode.Disable),
        ("allow", Configuration.SslMode.Allow),
        ("prefer", Configuration.SslMode.Prefer),
        ("require", Configuration.SslMode.Require),
        ("verify-ca", Configuration.SslMode.VerifyCa),
        ("verify-full", Configuration.SslMode.VerifyFull));

    public static ChoiceKind<LoadBalanceHosts> LoadBalanceHosts { get; } = new(
        ("round-robin", Configuration.LoadBalanceHosts.RoundRobin),
        ("disable", Configuration.LoadBalanceHosts.Disable));

    public static ChoiceKind<ServerProtocolVersion> ServerProtocolVersion { get; } = new(
        ("3.0", Configuration.ServerProtocolVersion.V30),
        ("3.2", Configuration.ServerProtocolVersion.V32));

    public static ChoiceKind<TlsDheParameters> TlsDheParameters { get; } = new(
        ("auto", Configuration.TlsDheParameters.Auto),
        ("none", Configuration.TlsDheParameters.None));
}
