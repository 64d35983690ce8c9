namespace Pooler.Actors.Configuration;

/// <summary>How strictly TLS is asked for (settings client_tls_sslmode and server_tls_sslmode), from the laxest to the strictest.</summary>
public enum SslMode
{
    Disable,
    Allow,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}
