namespace Pooler.Actors.Auth;

/// <summary>What a stored secret is.</summary>
public enum StoredSecretKind
{
    /// <summary>No secret or an empty one: no password of a client matches it.</summary>
    None,
    Plain,
    Md5,
    Scram,
}
