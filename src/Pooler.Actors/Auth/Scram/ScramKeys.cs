namespace Pooler.Actors.Auth.Scram;

/// <summary>
/// ClientKey and ServerKey of a user (RFC 5802, section 3), as a login with a verifier reveals them. With them the pooler logs in to servers
/// that hold the same verifier, without ever knowing the password. Immutable.
/// </summary>
public sealed class ScramKeys(byte[] clientKey, byte[] serverKey)
{
    internal byte[] ClientKey { get; } = clientKey;

    internal byte[] ServerKey { get; } = serverKey;
}
