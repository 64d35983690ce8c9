namespace Pooler.Actors.Configuration;

/// <summary>Diffie-Hellman parameters for clients (setting client_tls_dheparams).</summary>
public enum TlsDheParameters
{
    Auto,
    None,
}
