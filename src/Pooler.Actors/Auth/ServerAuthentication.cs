using Pooler.Actors.Auth.Scram;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Auth;

/// <summary>
/// The login of the pooler to one server: takes each Authentication message and writes the answer. Clear text, MD5 and SCRAM-SHA-256 are
/// answered as far as the secret allows it. A user without a secret has the empty password, which the server then refuses in its own words. Not
/// thread-safe.
/// </summary>
public sealed class ServerAuthentication
{
    private readonly string _user;
    private readonly StoredSecret _secret;
    private readonly ScramKeys? _keys;
    private readonly AuthenticationCache _cache;
    private State _state;
    private ScramClient? _scram;

    /// <param name="user">The name in the startup packet to the server.</param>
    /// <param name="secret">The secret stored for it.</param>
    /// <param name="keys">Keys from a client's login as this very user (<see cref="ClientAuthentication.Keys"/>), used where the secret is a
    /// verifier.</param>
    /// <param name="cache">The one of the process.</param>
    public ServerAuthentication(string user, StoredSecret secret, ScramKeys? keys, AuthenticationCache cache)
    {
        _user = user;
        _secret = secret;
        _keys = keys;
        _cache = cache;
    }

    private enum State
    {
        Start,
        Answered,
        SaslFirst,
        SaslFinal,
        SaslVerified,
        Done,
    }

    private bool IsPassword => _secret.Kind is StoredSecretKind.Plain or StoredSecretKind.None;

    /// <summary>
    /// Takes the body of an Authentication message (type R). <see cref="AuthenticationOutcome.Succeeded"/> means that AuthenticationOk came. A
    /// failure whose text begins with "server login failed" goes to the waiting clients; any other one is the reason for the log.
    /// </summary>
    public AuthenticationResult Receive(ReadOnlySpan<byte> body, MessageWriter writer)
    {
        var reader = new MessageReader(body);
        if (!reader.TryReadInt32(out var code))
        {
            return Fail(PoolerErrors.FailedToAnswerAuthRequest);
        }

        return (code, _state) switch
        {
            (AuthenticationCode.Ok, State.SaslFirst or State.SaslFinal) => Fail(PoolerErrors.ServerSignatureNotVerified),
            (AuthenticationCode.Ok, State.Start or State.Answered or State.SaslVerified) => Succeed(),
            (AuthenticationCode.CleartextPassword, State.Start) => AnswerCleartext(writer),
            (AuthenticationCode.MD5Password, State.Start) => AnswerMd5(reader.Remaining, writer),
            (AuthenticationCode.Sasl, State.Start) => AnswerSasl(reader, writer),
            (AuthenticationCode.SaslContinue, State.SaslFirst) => AnswerSaslContinue(reader.Remaining, writer),
            (AuthenticationCode.SaslFinal, State.SaslFinal) => CheckSaslFinal(reader.Remaining),
            _ => Fail(PoolerErrors.FailedToAnswerAuthRequest),
        };
    }

    private AuthenticationResult AnswerCleartext(MessageWriter writer)
    {
        if (!IsPassword)
        {
            return Fail(PoolerErrors.ServerWrongPasswordType);
        }

        writer.WritePasswordMessage(WireText.Encode(_secret.Text));
        _state = State.Answered;
        return AuthenticationResult.Continue;
    }

    private AuthenticationResult AnswerMd5(ReadOnlySpan<byte> salt, MessageWriter writer)
    {
        if (salt.Length != Md5Password.SaltSize)
        {
            return Fail(PoolerErrors.FailedToAnswerAuthRequest);
        }

        if (!IsPassword && _secret.Kind != StoredSecretKind.Md5)
        {
            return Fail(PoolerErrors.ServerWrongPasswordType);
        }

        var stored = IsPassword ? Md5Password.Hash(WireText.Encode(_secret.Text), _user) : _secret.Text;
        writer.WritePasswordMessage(Md5Password.Answer(stored, salt));
        _state = State.Answered;
        return AuthenticationResult.Continue;
    }

    private AuthenticationResult AnswerSasl(MessageReader mechanisms, MessageWriter writer)
    {
        var offered = false;
        while (mechanisms.TryReadCString(out var mechanism) && !mechanism.IsEmpty)
        {
            offered |= mechanism.SequenceEqual("SCRAM-SHA-256"u8);
        }

        if (!offered)
        {
            return Fail(PoolerErrors.ServerMechanismsUnsupported);
        }

        if (IsPassword)
        {
            _scram = new ScramClient(_secret.Text, _cache);
        }
        else if (_secret.Kind == StoredSecretKind.Scram && _keys is not null)
        {
            _scram = new ScramClient(_keys);
        }
        else
        {
            return Fail(PoolerErrors.ServerWrongPasswordType);
        }

        writer.WriteSASLInitialResponse(ScramCrypto.Mechanism, _scram.First());
        _state = State.SaslFirst;
        return AuthenticationResult.Continue;
    }

    private AuthenticationResult AnswerSaslContinue(ReadOnlySpan<byte> message, MessageWriter writer)
    {
        if (!_scram!.TryFinal(message, out var answer))
        {
            return Fail(PoolerErrors.FailedToAnswerAuthRequest);
        }

        writer.WriteSASLResponse(answer);
        _state = State.SaslFinal;
        return AuthenticationResult.Continue;
    }

    private AuthenticationResult CheckSaslFinal(ReadOnlySpan<byte> message)
    {
        if (!ScramClient.TryReadSignature(message, out var signature))
        {
            return Fail(PoolerErrors.ServerSignatureNotVerified);
        }

        if (!_scram!.IsServerSignature(signature))
        {
            return Fail(PoolerErrors.ServerSignatureInvalid);
        }

        _state = State.SaslVerified;
        return AuthenticationResult.Continue;
    }

    private AuthenticationResult Succeed()
    {
        _state = State.Done;
        return AuthenticationResult.Succeeded;
    }

    private AuthenticationResult Fail(string error)
    {
        _state = State.Done;
        return AuthenticationResult.Failed(error);
    }
}
