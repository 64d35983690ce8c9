using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Pooler.Testing.Protocol;

/// <summary>A client's side of password authentication: MD5 answers and the SCRAM-SHA-256 exchange (RFC 5802, RFC 7677).</summary>
public static class PasswordReply
{
    /// <summary>The answer to AuthenticationMD5Password.</summary>
    public static string Md5(string user, string password, ReadOnlySpan<byte> salt)
    {
        string inner = Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(password + user)));
        return "md5" + Convert.ToHexStringLower(MD5.HashData([.. Encoding.ASCII.GetBytes(inner), .. salt]));
    }

    /// <summary>A stored md5 secret.</summary>
    public static string Md5Secret(string user, string password) =>
        "md5" + Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(password + user)));

    /// <summary>The client-first-message without its header, for the nonce.</summary>
    public static string ScramFirstBare(string nonce) => "n=,r=" + nonce;

    /// <summary>The whole message that chooses SCRAM-SHA-256 and carries the client-first-message.</summary>
    public static byte[] ScramInitial(string firstBare)
    {
        byte[] first = Encoding.UTF8.GetBytes("n,," + firstBare);
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, first.Length);
        return FrontendMessages.Message('p', [.. "SCRAM-SHA-256\0"u8, .. length, .. first]);
    }

    /// <summary>The client-final-message for the server's first message.</summary>
    public static string ScramFinal(string password, string firstBare, string serverFirst) =>
        ScramFinal(ScramSaltedPassword(password, serverFirst), firstBare, serverFirst);

    /// <summary>What the password and the server's salt make, which is the slow part; the same for every login with that salt.</summary>
    public static byte[] ScramSaltedPassword(string password, string serverFirst)
    {
        Dictionary<string, string> parts = Parts(serverFirst);
        return Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(password),
            Convert.FromBase64String(parts["s"]),
            int.Parse(parts["i"], System.Globalization.CultureInfo.InvariantCulture),
            HashAlgorithmName.SHA256,
            32);
    }

    /// <summary>The client-final-message, by what <see cref="ScramSaltedPassword"/> gave.</summary>
    public static string ScramFinal(byte[] salted, string firstBare, string serverFirst)
    {
        Dictionary<string, string> parts = Parts(serverFirst);
        byte[] clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        string withoutProof = "c=biws,r=" + parts["r"];
        byte[] signature = HMACSHA256.HashData(
            SHA256.HashData(clientKey),
            Encoding.UTF8.GetBytes($"{firstBare},{serverFirst},{withoutProof}"));
        for (int i = 0; i < clientKey.Length; i++)
        {
            clientKey[i] ^= signature[i];
        }

        return $"{withoutProof},p={Convert.ToBase64String(clientKey)}";
    }

    private static Dictionary<string, string> Parts(string serverFirst) => serverFirst.Split(',').ToDictionary(part => part[..1], part => part[2..]);
}
