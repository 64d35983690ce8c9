using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Pooler.Actors.Auth.Scram;

/// <summary>
/// The checking side of one SCRAM-SHA-256 exchange: the pooler towards a client. Channel binding is neither offered nor accepted; a client that
/// could do it and says so (flag y) is welcome. The user name in the message is ignored, the startup packet has it.
/// </summary>
internal sealed class ScramServer
{
    private readonly ScramVerifier _verifier;
    private readonly bool _mock;
    private readonly string _serverNonce;
    private byte[] _firstMessages = [];
    private byte[] _nonce = [];
    private bool _couldBind;

    /// <summary>Starts an exchange against the verifier; a mock one goes through every step and fails at the end.</summary>
    public ScramServer(ScramVerifier verifier, bool mock, string? serverNonce = null)
    {
        _verifier = verifier;
        _mock = mock;
        _serverNonce = serverNonce ?? ScramCrypto.CreateNonce();
    }

    /// <summary>The client's key, known after <see cref="TryFinal"/> succeeded.</summary>
    public byte[]? ClientKey { get; private set; }

    /// <summary>Takes client-first-message and gives server-first-message.</summary>
    public bool TryFirst(ReadOnlySpan<byte> message, out byte[] answer)
    {
        answer = [];

        // Only "n,," and "y,,": channel binding (p=) and another authorisation identity (a=) are refused.
        if (message.Length < 3 || message[0] is not ((byte)'n' or (byte)'y') || message[1] != (byte)',' || message[2] != (byte)',')
        {
            return false;
        }

        _couldBind = message[0] == (byte)'y';
        var bare = message[3..];
        var attributes = new ScramAttributes(bare);

        // A mandatory extension (m=) stands first and is refused since the name is expected there.
        if (!attributes.TryRead('n', out _) ||
            !attributes.TryRead('r', out var clientNonce) ||
            !ScramAttributes.IsNonce(clientNonce) ||
            !attributes.TrySkipExtensions())
        {
            return false;
        }

        _nonce = [.. clientNonce, .. Encoding.ASCII.GetBytes(_serverNonce)];
        answer = Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"r={Encoding.ASCII.GetString(_nonce)},s={Convert.ToBase64String(_verifier.Salt)},i={_verifier.Iterations}"));
        _firstMessages = [.. bare, (byte)',', .. answer, (byte)','];
        return true;
    }

    /// <summary>Takes client-final-message and, when the proof is right, gives server-final-message.</summary>
    public bool TryFinal(ReadOnlySpan<byte> message, out byte[] answer)
    {
        answer = [];
        var proofStart = message.LastIndexOf(",p="u8);
        if (proofStart < 0)
        {
            return false;
        }

        var withoutProof = message[..proofStart];
        var attributes = new ScramAttributes(withoutProof);
        if (!attributes.TryRead('c', out var binding) ||
            !binding.SequenceEqual(_couldBind ? "eSws"u8 : "biws"u8) ||
            !attributes.TryRead('r', out var nonce) ||
            !nonce.SequenceEqual(_nonce) ||
            !attributes.TrySkipExtensions() ||
            !ScramAttributes.TryFromBase64(message[(proofStart + 3)..], out var proof) ||
            proof.Length != ScramCrypto.KeySize)
        {
            return false;
        }

        byte[] authMessage = [.. _firstMessages, .. withoutProof];
        var clientKey = ScramCrypto.Xor(proof, ScramCrypto.Signature(_verifier.StoredKey, authMessage));
        var matches = CryptographicOperations.FixedTimeEquals(ScramCrypto.StoredKey(clientKey), _verifier.StoredKey);
        if (!matches || _mock)
        {
            return false;
        }

        ClientKey = clientKey;
        answer = Encoding.ASCII.GetBytes("v=" + Convert.ToBase64String(ScramCrypto.Signature(_verifier.ServerKey, authMessage)));
        return true;
    }
}
