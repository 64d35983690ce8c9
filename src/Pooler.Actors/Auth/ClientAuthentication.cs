using System.Security.Cryptography;
using System.Text;
using Pooler.Actors.Auth.Scram;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Auth;

/// <summary>
/// The login of one client, from the pooler's request for a secret to success or a fatal error. Each step takes a message body and writes the
/// answer; the caller owns the sockets, the time limit and the limit on message size (<see cref="StartupRequest.MaxAuthenticationLength"/>). A
/// user that does not exist goes through the same messages as one with a wrong password. AuthenticationOk is not written here: it opens the
/// welcome. Not thread-safe.
/// </summary>
public sealed class ClientAuthentication
{
    private readonly AuthMethod _method;
    private readonly string _user;
    private readonly bool _userKnown;
    private readonly StoredSecret _secret;
    private readonly int _scramIterations;
    private readonly AuthenticationCache _cache;
    private State _state;
    private byte[] _salt = [];
    private ScramServer? _scram;
    private ScramVerifier? _verifier;

    /// <param name="method">What the client has to do.</param>
    /// <param name="user">The name from the startup packet.</param>
    /// <param name="userKnown">Whether the user exists; only trust looks at it without a secret.</param>
    /// <param name="secret">The stored secret, <see cref="StoredSecret.None"/> for a user without one or an unknown user.</param>
    /// <param name="scramIterations">Iterations for verifiers made here (setting scram_iterations).</param>
    /// <param name="cache">The one of the process.</param>
    public ClientAuthentication(
        AuthMethod method, string user, bool userKnown, StoredSecret secret, int scramIterations, AuthenticationCache cache)
    {
        _method = method;
        _user = user;
        _userKnown = userKnown;
        _secret = userKnown ? secret : StoredSecret.None;
        _scramIterations = scramIterations;
        _cache = cache;
    }

    private enum State
    {
        Created,
        Password,
        Md5,
        SaslFirst,
        SaslFinal,
        Done,
    }

    /// <summary>
    /// After a login by SCRAM against a stored verifier: the keys with which this user can log in to servers. Null otherwise; a verifier made
    /// here of a plain password has a salt of its own and says nothing to servers.
    /// </summary>
    public ScramKeys? Keys { get; private set; }

    /// <summary>Starts: writes the request for a secret, or decides at once where none is asked for.</summary>
    public AuthenticationResult Begin(MessageWriter writer)
    {
        if (_state != State.Created)
        {
            throw new InvalidOperationException("The login has begun already.");
        }

        switch (_method)
        {
            case AuthMethod.Any:
                return Succeed();
            case AuthMethod.Trust:
                return _userKnown ? Succeed() : Fail(PoolerErrors.TrustAuthenticationFailed);
            case AuthMethod.Plain:
                writer.WriteAuthenticationCleartextPassword();
                _state = State.Password;
                return AuthenticationResult.Continue;
            case AuthMethod.Md5 when _secret.Kind != StoredSecretKind.Scram:
                _salt = RandomNumberGenerator.GetBytes(Md5Password.SaltSize);
                writer.WriteAuthenticationMD5Password(_salt);
                _state = State.Md5;
                return AuthenticationResult.Continue;
            default:
                writer.WriteAuthenticationSASL(ScramCrypto.Mechanism);
                _state = State.SaslFirst;
                return AuthenticationResult.Continue;
        }
    }

    /// <summary>Takes the body of a message of type p and writes what is answered, if anything.</summary>
    public AuthenticationResult Receive(ReadOnlySpan<byte> body, MessageWriter writer) => _state switch
    {
        State.Password or State.Md5 => ReceivePassword(body),
        State.SaslFirst => ReceiveSaslFirst(body, writer),
        State.SaslFinal => ReceiveSaslFinal(body, writer),
        _ => throw new InvalidOperationException("No message is expected."),
    };

    private AuthenticationResult ReceivePassword(ReadOnlySpan<byte> body)
    {
        var reader = new MessageReader(body);
        if (!reader.TryReadCString(out var password) || !reader.AtEnd)
        {
            return Fail(PoolerErrors.PasswordAuthenticationFailed);
        }

        if (password.IsEmpty)
        {
            return Fail(PoolerErrors.EmptyPassword);
        }

        var matches = _state == State.Md5 ? MatchesMd5(password) : MatchesPlain(password);
        return matches ? Succeed() : Fail(PoolerErrors.PasswordAuthenticationFailed);
    }

    private bool MatchesPlain(ReadOnlySpan<byte> password) => _secret.Kind switch
    {
        StoredSecretKind.Plain => CryptographicOperations.FixedTimeEquals(password, WireText.Encode(_secret.Text)),
        StoredSecretKind.Md5 => CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(Md5Password.Hash(password, _user)),
            Encoding.ASCII.GetBytes(_secret.Text)),
        StoredSecretKind.Scram => _secret.Verifier!.Matches(password),
        _ => false,
    };

    private bool MatchesMd5(ReadOnlySpan<byte> answer)
    {
        if (_secret.Kind == StoredSecretKind.None)
        {
            return false;
        }

        var stored = _secret.Kind == StoredSecretKind.Md5 ? _secret.Text : Md5Password.Hash(WireText.Encode(_secret.Text), _user);
        return CryptographicOperations.FixedTimeEquals(answer, Md5Password.Answer(stored, _salt));
    }

    private AuthenticationResult ReceiveSaslFirst(ReadOnlySpan<byte> body, MessageWriter writer)
    {
        var reader = new MessageReader(body);
        if (!reader.TryReadCString(out var mechanism))
        {
            return Fail(PoolerErrors.SaslAuthenticationFailed);
        }

        if (!mechanism.SequenceEqual("SCRAM-SHA-256"u8))
        {
            return Fail(PoolerErrors.InvalidSaslMechanism);
        }

        if (!reader.TryReadInt32(out var length) || !reader.TryReadBytes(length, out var message) || !reader.AtEnd)
        {
            return Fail(PoolerErrors.SaslAuthenticationFailed);
        }

        var mock = _secret.Kind is StoredSecretKind.None or StoredSecretKind.Md5;
        _verifier = _secret.Kind switch
        {
            StoredSecretKind.Scram => _secret.Verifier!,
            StoredSecretKind.Plain => _cache.GetAdHocVerifier(_user, _secret.Text, _scramIterations),
            _ => _cache.CreateMockVerifier(_user, _scramIterations),
        };
        _scram = new ScramServer(_verifier, mock);
        if (!_scram.TryFirst(message, out var answer))
        {
            return Fail(PoolerErrors.SaslAuthenticationFailed);
        }

        writer.WriteAuthenticationSASLContinue(answer);
        _state = State.SaslFinal;
        return AuthenticationResult.Continue;
    }

    private AuthenticationResult ReceiveSaslFinal(ReadOnlySpan<byte> body, MessageWriter writer)
    {
        if (!_scram!.TryFinal(body, out var answer))
        {
            return Fail(PoolerErrors.SaslAuthenticationFailed);
        }

        if (_secret.Kind == StoredSecretKind.Scram)
        {
            Keys = new ScramKeys(_scram.ClientKey!, _verifier!.ServerKey);
        }

        writer.WriteAuthenticationSASLFinal(answer);
        return Succeed();
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
