using System.Text;
using Pooler.Actors.Auth;
using Pooler.Actors.Auth.Scram;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Auth;

public sealed class ClientAuthenticationTests
{
    private const string User = "alice";
    private const string Password = "sécret";
    private const int Iterations = 100;

    private static readonly AuthenticationCache Cache = new();
    private static readonly string Md5Secret = Md5Password.Hash("sécret"u8, User);
    private static readonly string ScramSecret = ScramVerifier.Derive("sécret"u8, "0123456789abcdef"u8.ToArray(), Iterations).ToStoredText();

    public static TheoryData<AuthMethod, string> Matching => new()
    {
        { AuthMethod.Plain, Password },
        { AuthMethod.Plain, Md5Secret },
        { AuthMethod.Plain, ScramSecret },
        { AuthMethod.Md5, Password },
        { AuthMethod.Md5, Md5Secret },
        { AuthMethod.Md5, ScramSecret },
        { AuthMethod.ScramSha256, Password },
        { AuthMethod.ScramSha256, ScramSecret },
    };

    [Theory]
    [MemberData(nameof(Matching))]
    public void The_right_password_is_let_in_and_a_wrong_one_is_not(AuthMethod method, string secret)
    {
        var scram = method == AuthMethod.ScramSha256 || (secret == ScramSecret && method == AuthMethod.Md5);
        var text = scram ? "SASL authentication failed" : "password authentication failed";

        Assert.Equal(AuthenticationResult.Succeeded, LogIn(method, secret, Password, out var keys));
        Assert.Equal(scram && secret == ScramSecret, keys is not null);
        Assert.Equal(AuthenticationResult.Failed(text), LogIn(method, secret, "wrong", out keys));
        Assert.Null(keys);
    }

    [Theory]
    [InlineData(AuthMethod.Plain, "password authentication failed")]
    [InlineData(AuthMethod.Md5, "password authentication failed")]
    [InlineData(AuthMethod.ScramSha256, "SASL authentication failed")]
    public void An_unknown_user_and_one_without_a_secret_end_like_a_wrong_password(AuthMethod method, string text)
    {
        Assert.Equal(AuthenticationResult.Failed(text), LogIn(method, null, Password, out _));
        Assert.Equal(AuthenticationResult.Failed(text), LogIn(method, "", Password, out _));
        Assert.Equal(AuthenticationResult.Failed(text), LogIn(method, Password, "wrong", out _));
    }

    [Fact]
    public void An_MD5_secret_is_of_no_use_for_SCRAM()
    {
        Assert.Equal(AuthenticationResult.Failed("SASL authentication failed"), LogIn(AuthMethod.ScramSha256, Md5Secret, Password, out _));
        Assert.Equal(AuthenticationResult.Failed("SASL authentication failed"), LogIn(AuthMethod.ScramSha256, Md5Secret, Md5Secret, out _));
    }

    [Fact]
    public void The_stored_form_is_not_a_password()
    {
        Assert.Equal(AuthenticationOutcome.Failed, LogIn(AuthMethod.Plain, Md5Secret, Md5Secret, out _).Outcome);
        Assert.Equal(AuthenticationOutcome.Failed, LogIn(AuthMethod.Plain, ScramSecret, ScramSecret, out _).Outcome);
        Assert.Equal(AuthenticationOutcome.Failed, LogIn(AuthMethod.ScramSha256, ScramSecret, ScramSecret, out _).Outcome);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Any_and_trust_ask_for_nothing(bool known)
    {
        using var writer = new MessageWriter();

        Assert.Equal(AuthenticationResult.Succeeded, Create(AuthMethod.Any, known, null).Begin(writer));
        Assert.Equal(
            known ? AuthenticationResult.Succeeded : AuthenticationResult.Failed("\"trust\" authentication failed"),
            Create(AuthMethod.Trust, known, null).Begin(writer));
        Assert.Equal(0, writer.Length);
    }

    [Fact]
    public void An_unknown_user_with_a_secret_is_still_unknown()
    {
        using var writer = new MessageWriter();
        var login = Create(AuthMethod.Plain, known: false, Password);
        login.Begin(writer);

        Assert.Equal(AuthenticationResult.Failed("password authentication failed"), login.Receive("sécret\0"u8, writer));
    }

    [Fact]
    public void An_unknown_user_sees_the_same_salt_each_time_and_iterations_as_usual()
    {
        var first = ServerFirst(User, null);
        var second = ServerFirst(User, null);

        Assert.Equal(Salt(first), Salt(second));
        Assert.NotEqual(first, second);
        Assert.NotEqual(Salt(first), Salt(ServerFirst("bob", null)));
        Assert.EndsWith($",i={Iterations}", first, StringComparison.Ordinal);
        Assert.Equal(16, Convert.FromBase64String(Salt(first)).Length);
        Assert.Equal(Salt(ServerFirst(User, Password)), Salt(ServerFirst(User, Password)));
        Assert.Equal(16, Convert.FromBase64String(Salt(ServerFirst(User, Password))).Length);

        static string Salt(string message) => message.Split(',')[1][2..];
    }

    [Theory]
    [InlineData(AuthMethod.Plain)]
    [InlineData(AuthMethod.Md5)]
    public void An_empty_password_has_its_own_text(AuthMethod method)
    {
        Assert.Equal(AuthenticationResult.Failed("empty password returned by client"), Answer(method, Password, [0]));
        Assert.Equal(AuthenticationResult.Failed("empty password returned by client"), Answer(method, null, [0]));
    }

    [Theory]
    [InlineData(AuthMethod.Plain)]
    [InlineData(AuthMethod.Md5)]
    public void A_malformed_password_message_fails(AuthMethod method)
    {
        Assert.Equal(AuthenticationOutcome.Failed, Answer(method, Password, []).Outcome);
        Assert.Equal(AuthenticationOutcome.Failed, Answer(method, Password, Encoding.UTF8.GetBytes(Password)).Outcome);
        Assert.Equal(AuthenticationOutcome.Failed, Answer(method, Password, [.. Encoding.UTF8.GetBytes(Password), 0, 0]).Outcome);
    }

    [Fact]
    public void A_password_of_any_length_is_compared_whole()
    {
        var password = new string('p', 65530);

        Assert.Equal(AuthenticationOutcome.Succeeded, LogIn(AuthMethod.Plain, password, password, out _).Outcome);
        Assert.Equal(AuthenticationOutcome.Failed, LogIn(AuthMethod.Plain, password, password[1..], out _).Outcome);
    }

    [Theory]
    [InlineData("SCRAM-SHA-256-PLUS\0\0\0\0\0")]
    [InlineData("PLAIN\0\0\0\0\0")]
    [InlineData("\0\0\0\0\0")]
    public void Another_mechanism_is_refused(string body)
    {
        Assert.Equal(
            AuthenticationResult.Failed("client selected an invalid SASL authentication mechanism"),
            Answer(AuthMethod.ScramSha256, Password, Encoding.ASCII.GetBytes(body)));
    }

    [Fact]
    public void Hostile_first_messages_fail_at_every_length()
    {
        byte[] body = [.. "SCRAM-SHA-256\0"u8, 0, 0, 0, 11, .. "n,,n=,r=abc"u8];
        Assert.Equal(AuthenticationOutcome.Continue, Answer(AuthMethod.ScramSha256, Password, body).Outcome);
        for (var length = 0; length < body.Length; length++)
        {
            Assert.Equal(AuthenticationResult.Failed("SASL authentication failed"), Answer(AuthMethod.ScramSha256, Password, body[..length]));
        }

        Assert.Equal(AuthenticationOutcome.Failed, Answer(AuthMethod.ScramSha256, Password, [.. body, 0]).Outcome);
        foreach (var length in new uint[] { 0, 10, 12, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF })
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(body.AsSpan(14), length);
            Assert.Equal(AuthenticationOutcome.Failed, Answer(AuthMethod.ScramSha256, Password, body).Outcome);
        }
    }

    [Fact]
    public void Nothing_is_accepted_after_the_end()
    {
        using var writer = new MessageWriter();
        var login = Create(AuthMethod.Plain, true, Password);
        login.Begin(writer);
        login.Receive("wrong\0"u8, writer);

        Assert.Throws<InvalidOperationException>(() => login.Receive("sécret\0"u8, writer));
        Assert.Throws<InvalidOperationException>(() => login.Begin(writer));
    }

    [Fact]
    public void Keys_of_a_login_open_a_server_with_the_same_verifier_only()
    {
        LogIn(AuthMethod.ScramSha256, ScramSecret, Password, out var keys);
        var same = new ScramServer(StoredSecret.Parse(ScramSecret).Verifier!, mock: false);
        var other = new ScramServer(ScramVerifier.Derive("sécret"u8, "other salt 12345"u8.ToArray(), Iterations), mock: false);

        Assert.True(Prove(same));
        Assert.False(Prove(other));

        bool Prove(ScramServer server)
        {
            var client = new ScramClient(keys!);
            return server.TryFirst(client.First(), out var first) && client.TryFinal(first, out var final) && server.TryFinal(final, out _);
        }
    }

    private static ClientAuthentication Create(AuthMethod method, bool known, string? secret, string user = User) =>
        new(method, user, known, StoredSecret.Parse(secret), Iterations, Cache);

    private static AuthenticationResult Answer(AuthMethod method, string? secret, byte[] body)
    {
        using var writer = new MessageWriter();
        var login = Create(method, secret is not null, secret);
        Assert.Equal(AuthenticationOutcome.Continue, login.Begin(writer).Outcome);
        return login.Receive(body, writer);
    }

    private static string ServerFirst(string user, string? secret)
    {
        using var writer = new MessageWriter();
        var login = Create(AuthMethod.ScramSha256, secret is not null, secret, user);
        login.Begin(writer);
        writer.Reset();
        login.Receive([.. "SCRAM-SHA-256\0"u8, 0, 0, 0, 11, .. "n,,n=,r=abc"u8], writer);
        return Encoding.ASCII.GetString(writer.Written[9..]);
    }

    // Plays a client that takes the text for its password, whatever it looks like.
    private static AuthenticationResult LogIn(AuthMethod method, string? secret, string password, out ScramKeys? keys)
    {
        using var writer = new MessageWriter();
        var login = Create(method, secret is not null, secret);
        var client = new ScramClient(password, Cache);
        var result = login.Begin(writer);
        while (result.Outcome == AuthenticationOutcome.Continue)
        {
            var reader = new MessageReader(writer.Written[FrameHeader.Size..]);
            Assert.True(reader.TryReadInt32(out var code));
            var answer = Answer(code, reader.Remaining.ToArray(), client, password);
            writer.Reset();
            result = login.Receive(answer, writer);
        }

        if (writer.Length > 0)
        {
            Assert.Equal(AuthenticationOutcome.Succeeded, result.Outcome);
            Assert.True(ScramClient.TryReadSignature(writer.Written[9..], out var signature));
            Assert.True(client.IsServerSignature(signature));
        }

        keys = login.Keys;
        return result;
    }

    private static byte[] Answer(int code, byte[] data, ScramClient client, string password)
    {
        switch (code)
        {
            case AuthenticationCode.CleartextPassword:
                return [.. Encoding.UTF8.GetBytes(password), 0];
            case AuthenticationCode.MD5Password:
                return [.. Md5Password.Answer(Md5Password.Hash(Encoding.UTF8.GetBytes(password), User), data), 0];
            case AuthenticationCode.Sasl:
                Assert.Equal("SCRAM-SHA-256\0\0", Encoding.ASCII.GetString(data));
                using (var writer = new MessageWriter())
                {
                    writer.WriteSASLInitialResponse("SCRAM-SHA-256", client.First());
                    return writer.Written[FrameHeader.Size..].ToArray();
                }

            default:
                Assert.Equal(AuthenticationCode.SaslContinue, code);
                Assert.True(client.TryFinal(data, out var final));
                return final;
        }
    }
}
