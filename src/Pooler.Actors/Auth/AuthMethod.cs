namespace Pooler.Actors.Auth;

/// <summary>How a client proves who it is (setting auth_type).</summary>
public enum AuthMethod
{
    /// <summary>Nothing is asked and any name is let in.</summary>
    Any,

    /// <summary>Nothing is asked; the name must be known.</summary>
    Trust,

    /// <summary>The password in clear text.</summary>
    Plain,

    /// <summary>MD5 of password, name and salt; SCRAM for a user whose stored secret is a SCRAM verifier.</summary>
    Md5,

    /// <summary>SCRAM-SHA-256 (RFC 5802, RFC 7677), without channel binding.</summary>
    ScramSha256,
}
