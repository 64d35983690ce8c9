using System.Buffers.Binary;
using System.Text;
using Pooler.Actors.Auth;
using Pooler.Actors.Auth.Scram;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Auth;

public sealed class ServerAuthenticationTests
{
    private static readonly AuthenticationCache Cache = new();
    private static readonly string Md5Secret = Md5Password.Hash("secret"u8, "alice");
    private static readonly ScramVerifier Verifier = ScramVerifier.Derive("secret"u8, "0123456789abcdef"u8.ToArray(), 10);
    private static readonly ScramKeys Keys = CreateKeys();

    [Fact]
    public void A_trusting_server_needs_no_answer()
    {
        Assert.Equal(AuthenticationResult.Succeeded, Receive(Create(null), AuthenticationCode.Ok, [], out var answer));
        Assert.Empty(answer);
    }

    [Theory]
    [InlineData("secret", "secret\0")]
    [InlineData("pä", "pä\0")]
    [InlineData(null, "\0")]
    public void Clear_text_is_answered_with_the_password(string? secret, string expected)
    {
        var login = Create(secret);

        Assert.Equal(AuthenticationResult.Continue, Receive(login, AuthenticationCode.CleartextPassword, [], out var answer));
        Assert.Equal(expected, Encoding.UTF8.GetString(answer));
        Assert.Equal(AuthenticationResult.Succeeded, Receive(login, AuthenticationCode.Ok, [], out _));
    }

    [Fact]
    public void MD5_is_answered_from_the_password_or_its_hash()
    {
        byte[] salt = [1, 2, 3, 4];
        Assert.Equal(AuthenticationResult.Continue, Receive(Create("secret"), AuthenticationCode.MD5Password, salt, out var first));
        Assert.Equal(AuthenticationResult.Continue, Receive(Create(Md5Secret), AuthenticationCode.MD5Password, salt, out var second));
        Assert.Equal(first, second);
        Assert.Equal([.. Md5Password.Answer(Md5Secret, salt), 0], first);
        Assert.Equal(
            AuthenticationResult.Failed("failed to answer authreq"),
            Receive(Create("secret"), AuthenticationCode.MD5Password, [1, 2, 3], out _));
    }

    [Theory]
    [InlineData(AuthenticationCode.CleartextPassword, "md5", false)]
    [InlineData(AuthenticationCode.CleartextPassword, "scram", false)]
    [InlineData(AuthenticationCode.CleartextPassword, "scram", true)]
    [InlineData(AuthenticationCode.MD5Password, "scram", false)]
    [InlineData(AuthenticationCode.MD5Password, "scram", true)]
    [InlineData(AuthenticationCode.Sasl, "md5", false)]
    [InlineData(AuthenticationCode.Sasl, "scram", false)]
    public void A_secret_of_the_wrong_type_is_told(int code, string kind, bool keys)
    {
        var secret = kind == "md5" ? Md5Secret : Verifier.ToStoredText();
        byte[] data = code == AuthenticationCode.Sasl ? [.. "SCRAM-SHA-256\0\0"u8] : code == AuthenticationCode.MD5Password ? [1, 2, 3, 4] : [];

        Assert.Equal(
            AuthenticationResult.Failed("server login failed: wrong password type"),
            Receive(Create(secret, keys ? Keys : null), code, data, out var answer));
        Assert.Empty(answer);
    }

    [Theory]
    [InlineData("SCRAM-SHA-256-PLUS\0\0")]
    [InlineData("SCRAM-SHA-512\0OTHER\0\0")]
    [InlineData("\0")]
    [InlineData("")]
    [InlineData("SCRAM-SHA-256")]
    public void A_server_without_a_known_mechanism_is_told(string mechanisms)
    {
        Assert.Equal(
            AuthenticationResult.Failed("server login failed: none of the server's SASL authentication mechanisms are supported"),
            Receive(Create("secret"), AuthenticationCode.Sasl, Encoding.ASCII.GetBytes(mechanisms), out _));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SCRAM_goes_through_with_a_password_and_with_keys(bool keys)
    {
        var login = keys ? Create(Verifier.ToStoredText(), Keys) : Create("secret");
        var final = ReachFinal(login);

        Assert.Equal(AuthenticationResult.Continue, Receive(login, AuthenticationCode.SaslFinal, final, out var answer));
        Assert.Empty(answer);
        Assert.Equal(AuthenticationResult.Succeeded, Receive(login, AuthenticationCode.Ok, [], out _));
    }

    [Fact]
    public void A_server_that_does_not_know_the_verifier_is_not_trusted()
    {
        var login = Create("secret");
        var final = ReachFinal(login);
        final[5] = final[5] == (byte)'A' ? (byte)'B' : (byte)'A';
        Assert.Equal(
            AuthenticationResult.Failed("server login failed: invalid server signature"),
            Receive(login, AuthenticationCode.SaslFinal, final, out _));

        login = Create("secret");
        ReachFinal(login);
        Assert.Equal(
            AuthenticationResult.Failed("server login failed: failed to verify server signature"),
            Receive(login, AuthenticationCode.SaslFinal, "e=other-error"u8, out _));

        login = Create("secret");
        ReachFinal(login);
        Assert.Equal(
            AuthenticationResult.Failed("server login failed: failed to verify server signature"),
            Receive(login, AuthenticationCode.Ok, [], out _));
    }

    [Fact]
    public void Messages_out_of_turn_fail()
    {
        Assert.Equal(AuthenticationOutcome.Failed, Receive(Create("secret"), AuthenticationCode.SaslContinue, "r=a,s=AAAA,i=1"u8, out _).Outcome);
        Assert.Equal(AuthenticationOutcome.Failed, Receive(Create("secret"), AuthenticationCode.SaslFinal, "v=AAAA"u8, out _).Outcome);
        foreach (var code in new[] { AuthenticationCode.Gss, AuthenticationCode.Sspi, AuthenticationCode.KerberosV5, -1, int.MaxValue })
        {
            Assert.Equal(AuthenticationResult.Failed("failed to answer authreq"), Receive(Create("secret"), code, [], out _));
        }

        var login = Create("secret");
        Receive(login, AuthenticationCode.CleartextPassword, [], out _);
        Assert.Equal(AuthenticationOutcome.Failed, Receive(login, AuthenticationCode.CleartextPassword, [], out _).Outcome);
        Assert.Equal(AuthenticationOutcome.Failed, Receive(login, AuthenticationCode.Ok, [], out _).Outcome);
    }

    [Fact]
    public void A_message_without_a_code_fails()
    {
        using var writer = new MessageWriter();
        for (var length = 0; length < 4; length++)
        {
            Assert.Equal(AuthenticationOutcome.Failed, Create("secret").Receive(new byte[length], writer).Outcome);
        }
    }

    [Fact]
    public void Derived_keys_are_kept_until_they_are_cleared()
    {
        var cache = new AuthenticationCache();
        var keys = cache.GetServerLoginKeys("secret", Verifier.Salt, 10);

        Assert.Same(keys, cache.GetServerLoginKeys("secret", Verifier.Salt, 10));
        Assert.NotSame(keys, cache.GetServerLoginKeys("secret", Verifier.Salt, 11));
        Assert.NotSame(keys, cache.GetServerLoginKeys("other", Verifier.Salt, 10));
        cache.Clear();
        Assert.NotSame(keys, cache.GetServerLoginKeys("secret", Verifier.Salt, 10));
        Assert.Same(cache.GetAdHocVerifier("u", "p", 1), cache.GetAdHocVerifier("u", "p", 1));
        Assert.NotEqual(cache.GetAdHocVerifier("u", "p", 1).Salt, cache.GetAdHocVerifier("v", "p", 1).Salt);
    }

    private static ServerAuthentication Create(string? secret, ScramKeys? keys = null) => new("alice", StoredSecret.Parse(secret), keys, Cache);

    private static ScramKeys CreateKeys()
    {
        var salted = ScramCrypto.SaltedPassword("secret"u8, Verifier.Salt, Verifier.Iterations);
        return new ScramKeys(ScramCrypto.ClientKey(salted), ScramCrypto.ServerKey(salted));
    }

    // Plays the server up to its last message, which is given back.
    private static byte[] ReachFinal(ServerAuthentication login)
    {
        var server = new ScramServer(Verifier, mock: false);
        Assert.Equal(
            AuthenticationResult.Continue,
            Receive(login, AuthenticationCode.Sasl, "SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0"u8, out var initial));
        var reader = new MessageReader(initial);
        Assert.True(reader.TryReadCString(out var mechanism));
        Assert.True(mechanism.SequenceEqual("SCRAM-SHA-256"u8));
        Assert.True(reader.TryReadInt32(out var length));
        Assert.True(reader.TryReadBytes(length, out var message));
        Assert.True(reader.AtEnd);
        Assert.True(server.TryFirst(message, out var first));
        Assert.Equal(AuthenticationResult.Continue, Receive(login, AuthenticationCode.SaslContinue, first, out var response));
        Assert.True(server.TryFinal(response, out var final));
        return final;
    }

    private static AuthenticationResult Receive(ServerAuthentication login, int code, ReadOnlySpan<byte> data, out byte[] answer)
    {
        using var writer = new MessageWriter();
        var body = new byte[4 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(body, code);
        data.CopyTo(body.AsSpan(4));
        var result = login.Receive(body, writer);
        answer = [];
        if (writer.Length > 0)
        {
            Assert.Equal(FrameStatus.Ok, FrameHeader.TryRead(writer.Written, int.MaxValue, out var header));
            Assert.Equal(writer.Length, header.Length);
            Assert.Equal(FrontendMessage.Password, header.Type);
            answer = writer.Written[FrameHeader.Size..].ToArray();
        }

        return result;
    }
}
