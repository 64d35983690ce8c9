using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Pooler.Actors.Auth.Scram;

/// <summary>
/// The proving side of one SCRAM-SHA-256 exchange: the pooler towards a server. It has a password, or the keys that a client's login revealed.
/// Everything that the server sends is bounded, its iterations as well: the derivation runs on the thread of the connection.
/// </summary>
internal sealed class ScramClient
{
    /// <summary>The most iterations that a server may ask for; 200 times PostgreSQL's default.</summary>
    public const int MaxIterations = 1_000_000;

    private readonly string? _password;
    private readonly AuthenticationCache? _cache;
    private readonly string _clientNonce;
    private readonly string _firstBare;
    private ScramKeys? _keys;
    private byte[] _authMessage = [];

    /// <summary>An exchange with the password; derived keys are looked for and kept in the cache.</summary>
    public ScramClient(string password, AuthenticationCache cache, string? clientNonce = null, string user = "")
        : this(clientNonce, user)
    {
        _password = password;
        _cache = cache;
    }

    /// <summary>An exchange with keys that are known already.</summary>
    public ScramClient(ScramKeys keys)
        : this(null, "") => _keys = keys;

    private ScramClient(string? clientNonce, string user)
    {
        _clientNonce = clientNonce ?? ScramCrypto.CreateNonce();
        _firstBare = $"n={user},r={_clientNonce}";
    }

    /// <summary>client-first-message. The name is empty: the server has it from the startup packet.</summary>
    public byte[] First() => Encoding.ASCII.GetBytes("n,," + _firstBare);

    /// <summary>Takes server-first-message and gives client-final-message.</summary>
    public bool TryFinal(ReadOnlySpan<byte> message, out byte[] answer)
    {
        answer = [];
        var attributes = new ScramAttributes(message);
        if (!attributes.TryRead('r', out var nonce) ||
            !ScramAttributes.IsNonce(nonce) ||
            nonce.Length <= _clientNonce.Length ||
            !nonce.StartsWith(Encoding.ASCII.GetBytes(_clientNonce)) ||
            !attributes.TryRead('s', out var saltText) ||
            !ScramAttributes.TryFromBase64(saltText, out var salt) ||
            salt.Length == 0 ||
            !attributes.TryRead('i', out var iterationsText) ||
            !TryParseIterations(iterationsText, out var iterations) ||
            !attributes.TrySkipExtensions())
        {
            return false;
        }

        _keys ??= _cache!.GetServerLoginKeys(_password!, salt, iterations);
        byte[] withoutProof = [.. "c=biws,r="u8, .. nonce];
        _authMessage = [.. Encoding.ASCII.GetBytes(_firstBare), (byte)',', .. message, (byte)',', .. withoutProof];
        var signature = ScramCrypto.Signature(ScramCrypto.StoredKey(_keys.ClientKey), _authMessage);
        var proof = Convert.ToBase64String(ScramCrypto.Xor(_keys.ClientKey, signature));
        answer = [.. withoutProof, .. ",p="u8, .. Encoding.ASCII.GetBytes(proof)];
        return true;
    }

    /// <summary>Reads the signature of server-final-message; false when there is none, as in an error message (e=).</summary>
    public static bool TryReadSignature(ReadOnlySpan<byte> message, out byte[] signature)
    {
        signature = [];
        var attributes = new ScramAttributes(message);
        return attributes.TryRead('v', out var text) && ScramAttributes.TryFromBase64(text, out signature) && attributes.TrySkipExtensions();
    }

    /// <summary>True when the signature shows that the server knows the verifier as well.</summary>
    public bool IsServerSignature(ReadOnlySpan<byte> signature) =>
        _authMessage.Length > 0 && CryptographicOperations.FixedTimeEquals(signature, ScramCrypto.Signature(_keys!.ServerKey, _authMessage));

    private static bool TryParseIterations(ReadOnlySpan<byte> text, out int iterations) =>
        Utf8Parser.TryParse(text, out iterations, out var consumed) && consumed == text.Length && iterations is >= 1 and <= MaxIterations;
}
