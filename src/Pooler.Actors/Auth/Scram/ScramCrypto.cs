using System.Security.Cryptography;

namespace Pooler.Actors.Auth.Scram;

/// <summary>The formulas of RFC 5802, section 3, with SHA-256 (RFC 7677).</summary>
internal static class ScramCrypto
{
    public const string Mechanism = "SCRAM-SHA-256";

    /// <summary>Bytes of every key, proof and signature.</summary>
    public const int KeySize = 32;

    /// <summary>Bytes of a salt made here.</summary>
    public const int SaltSize = 16;

    /// <summary>Random bytes in a nonce made here; its base64 form has no padding.</summary>
    public const int NonceSize = 18;

    public static byte[] SaltedPassword(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(ScramPassword.Prepare(password), salt, iterations, HashAlgorithmName.SHA256, KeySize);

    public static byte[] ClientKey(ReadOnlySpan<byte> saltedPassword) => HMACSHA256.HashData(saltedPassword, "Client Key"u8);

    public static byte[] ServerKey(ReadOnlySpan<byte> saltedPassword) => HMACSHA256.HashData(saltedPassword, "Server Key"u8);

    public static byte[] StoredKey(ReadOnlySpan<byte> clientKey) => SHA256.HashData(clientKey);

    /// <summary>ClientSignature or ServerSignature: the key is StoredKey or ServerKey.</summary>
    public static byte[] Signature(ReadOnlySpan<byte> key, ReadOnlySpan<byte> authMessage) => HMACSHA256.HashData(key, authMessage);

    /// <summary>ClientKey XOR ClientSignature is the proof, and the proof XOR ClientSignature the key again.</summary>
    public static byte[] Xor(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var result = new byte[left.Length];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = (byte)(left[i] ^ right[i]);
        }

        return result;
    }

    /// <summary>A new nonce: printable and without a comma.</summary>
    public static string CreateNonce() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(NonceSize));

    /// <summary>Decodes base64 that has neither white space nor missing padding.</summary>
    public static bool TryFromBase64(string text, out byte[] bytes)
    {
        bytes = new byte[(text.Length / 4 * 3) + 3];
        if (text.AsSpan().ContainsAny(" \t\r\n") || !Convert.TryFromBase64String(text, bytes, out var written))
        {
            bytes = [];
            return false;
        }

        Array.Resize(ref bytes, written);
        return true;
    }
}
