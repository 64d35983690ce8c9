using System.Collections.Concurrent;
using System.Security.Cryptography;
using Pooler.Actors.Auth.Scram;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Auth;

/// <summary>
/// What logins share in one process: the nonce behind the salts of unknown users, verifiers of users whose secret is stored as plain text, and
/// keys derived for logins to servers. Deriving takes milliseconds and its result is always the same, so it happens once per secret. A changed
/// secret is another key; a full cache starts anew. Safe for all threads.
/// </summary>
public sealed class AuthenticationCache
{
    private const int MaxVerifiers = 16384;
    private const int MaxServerKeys = 1024;
    private const int MockNonceSize = 32;

    private readonly byte[] _mockNonce = RandomNumberGenerator.GetBytes(MockNonceSize);
    private readonly ConcurrentDictionary<(string User, string Password, int Iterations), ScramVerifier> _verifiers = new();
    private readonly ConcurrentDictionary<(string Password, string Salt, int Iterations), ScramKeys> _serverKeys = new();

    /// <summary>Forgets everything that was derived, as after a reload of auth_file.</summary>
    public void Clear()
    {
        _verifiers.Clear();
        _serverKeys.Clear();
    }

    /// <summary>The verifier of a user whose password is known, with a salt made here. It is of no use for logins to servers.</summary>
    internal ScramVerifier GetAdHocVerifier(string user, string password, int iterations)
    {
        var key = (user, password, iterations);
        if (_verifiers.TryGetValue(key, out var verifier))
        {
            return verifier;
        }

        if (_verifiers.Count >= MaxVerifiers)
        {
            _verifiers.Clear();
        }

        verifier = ScramVerifier.Derive(WireText.Encode(password), RandomNumberGenerator.GetBytes(ScramCrypto.SaltSize), iterations);
        return _verifiers.GetOrAdd(key, verifier);
    }

    /// <summary>A verifier that looks like one of a user that exists: the same name has the same salt as long as the process runs.</summary>
    internal ScramVerifier CreateMockVerifier(string user, int iterations)
    {
        var salt = SHA256.HashData((byte[])[.. WireText.Encode(user), .. _mockNonce]);
        return new ScramVerifier(
            iterations,
            salt[..ScramCrypto.SaltSize],
            RandomNumberGenerator.GetBytes(ScramCrypto.KeySize),
            RandomNumberGenerator.GetBytes(ScramCrypto.KeySize));
    }

    /// <summary>ClientKey and ServerKey of the password with a server's salt and iterations.</summary>
    internal ScramKeys GetServerLoginKeys(string password, byte[] salt, int iterations)
    {
        var key = (password, Convert.ToBase64String(salt), iterations);
        if (_serverKeys.TryGetValue(key, out var keys))
        {
            return keys;
        }

        if (_serverKeys.Count >= MaxServerKeys)
        {
            _serverKeys.Clear();
        }

        var salted = ScramCrypto.SaltedPassword(WireText.Encode(password), salt, iterations);
        return _serverKeys.GetOrAdd(key, new ScramKeys(ScramCrypto.ClientKey(salted), ScramCrypto.ServerKey(salted)));
    }
}
