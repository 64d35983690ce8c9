using System.Globalization;

namespace Pooler.Actors.Auth.Scram;

/// <summary>
/// What the checking side has to know of a SCRAM-SHA-256 password: <c>SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey</c> with salt and keys
/// in base64 (RFC 5803 as PostgreSQL writes it). Immutable.
/// </summary>
internal sealed class ScramVerifier
{
    private const string Prefix = ScramCrypto.Mechanism + "$";

    public ScramVerifier(int iterations, byte[] salt, byte[] storedKey, byte[] serverKey)
    {
        Iterations = iterations;
        Salt = salt;
        StoredKey = storedKey;
        ServerKey = serverKey;
    }

    public int Iterations { get; }

    public byte[] Salt { get; }

    public byte[] StoredKey { get; }

    public byte[] ServerKey { get; }

    /// <summary>Derives the verifier of a password; this takes as long as the iterations ask for.</summary>
    public static ScramVerifier Derive(ReadOnlySpan<byte> password, byte[] salt, int iterations)
    {
        var salted = ScramCrypto.SaltedPassword(password, salt, iterations);
        return new ScramVerifier(iterations, salt, ScramCrypto.StoredKey(ScramCrypto.ClientKey(salted)), ScramCrypto.ServerKey(salted));
    }

    /// <summary>Reads the stored text; false when any part is not as it must be.</summary>
    public static bool TryParse(string text, out ScramVerifier? verifier)
    {
        verifier = null;
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var parts = text[Prefix.Length..].Split('$');
        if (parts.Length != 2 ||
            parts[0].Split(':') is not [var iterationsText, var saltText] ||
            parts[1].Split(':') is not [var storedText, var serverText])
        {
            return false;
        }

        if (!int.TryParse(iterationsText, NumberStyles.None, CultureInfo.InvariantCulture, out var iterations) ||
            iterations < 1 ||
            !ScramCrypto.TryFromBase64(saltText, out var salt) ||
            salt.Length == 0 ||
            !ScramCrypto.TryFromBase64(storedText, out var storedKey) ||
            storedKey.Length != ScramCrypto.KeySize ||
            !ScramCrypto.TryFromBase64(serverText, out var serverKey) ||
            serverKey.Length != ScramCrypto.KeySize)
        {
            return false;
        }

        verifier = new ScramVerifier(iterations, salt, storedKey, serverKey);
        return true;
    }

    /// <summary>True when the password is the one the verifier was made of; takes as long as the iterations ask for.</summary>
    public bool Matches(ReadOnlySpan<byte> password) =>
        System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(Derive(password, Salt, Iterations).StoredKey, StoredKey);

    /// <summary>The form in which it is stored.</summary>
    public string ToStoredText() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Prefix}{Iterations}:{Convert.ToBase64String(Salt)}${Convert.ToBase64String(StoredKey)}:{Convert.ToBase64String(ServerKey)}");
}
