using System.Text;
using Pooler.Actors.Auth;
using Pooler.Actors.Auth.Scram;

namespace Pooler.Actors.Tests.Auth;

/// <summary>The exchange of RFC 7677, section 3, from both sides, and everything that must not pass.</summary>
public sealed class ScramTests
{
    private const string ClientNonce = "rOprNGfwEbeRWgbNEkqO";
    private const string ServerNonce = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private const string ClientFirst = $"n,,n=user,r={ClientNonce}";
    private const string ServerFirst = $"r={ClientNonce}{ServerNonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
    private const string ClientFinal = $"c=biws,r={ClientNonce}{ServerNonce},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
    private const string ServerFinal = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

    private static readonly ScramVerifier Verifier = ScramVerifier.Derive("pencil"u8, Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096);
    private static readonly AuthenticationCache Cache = new();

    [Fact]
    public void The_server_side_answers_as_the_RFC_says()
    {
        var server = new ScramServer(Verifier, mock: false, ServerNonce);

        Assert.True(server.TryFirst(Bytes(ClientFirst), out var first));
        Assert.Equal(ServerFirst, Text(first));
        Assert.True(server.TryFinal(Bytes(ClientFinal), out var final));
        Assert.Equal(ServerFinal, Text(final));
        Assert.Equal(Verifier.StoredKey, ScramCrypto.StoredKey(server.ClientKey));
    }

    [Fact]
    public void The_client_side_answers_as_the_RFC_says()
    {
        var client = new ScramClient("pencil", Cache, ClientNonce, "user");

        Assert.Equal(ClientFirst, Text(client.First()));
        Assert.True(client.TryFinal(Bytes(ServerFirst), out var final));
        Assert.Equal(ClientFinal, Text(final));
        Assert.True(ScramClient.TryReadSignature(Bytes(ServerFinal), out var signature));
        Assert.True(client.IsServerSignature(signature));
        signature[31] ^= 1;
        Assert.False(client.IsServerSignature(signature));
        Assert.False(client.IsServerSignature(signature.AsSpan(0, 31)));
        Assert.False(client.IsServerSignature([]));
    }

    [Fact]
    public void Keys_do_what_the_password_does()
    {
        var salted = ScramCrypto.SaltedPassword("pencil"u8, Verifier.Salt, Verifier.Iterations);
        var client = new ScramClient(new ScramKeys(ScramCrypto.ClientKey(salted), ScramCrypto.ServerKey(salted)));
        var server = new ScramServer(Verifier, mock: false);

        Assert.True(server.TryFirst(client.First(), out var first));
        Assert.True(client.TryFinal(first, out var clientFinal));
        Assert.True(server.TryFinal(clientFinal, out var serverFinal));
        Assert.True(ScramClient.TryReadSignature(serverFinal, out var signature));
        Assert.True(client.IsServerSignature(signature));
    }

    [Fact]
    public void A_mock_exchange_never_succeeds()
    {
        var server = new ScramServer(Verifier, mock: true, ServerNonce);

        Assert.True(server.TryFirst(Bytes(ClientFirst), out _));
        Assert.False(server.TryFinal(Bytes(ClientFinal), out _));
        Assert.Null(server.ClientKey);
    }

    [Theory]
    [InlineData("y,,n=,r=abc")]
    [InlineData("n,,n=,r=abc")]
    [InlineData("n,,n=anything=2Cat=3Dall,r=abc,x=extension,y=")]
    public void First_messages_that_are_accepted(string message)
    {
        Assert.True(new ScramServer(Verifier, mock: false).TryFirst(Bytes(message), out var answer));
        Assert.StartsWith("r=abc", Text(answer), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("n")]
    [InlineData("n,")]
    [InlineData("n,,")]
    [InlineData("p=tls-server-end-point,,n=,r=abc")]
    [InlineData("x,,n=,r=abc")]
    [InlineData("N,,n=,r=abc")]
    [InlineData("n,a=other,n=,r=abc")]
    [InlineData("n,,m=must,n=,r=abc")]
    [InlineData("n,,r=abc,n=")]
    [InlineData("n,,n=")]
    [InlineData("n,,n=,r=")]
    [InlineData("n,,n=,r=a b")]
    [InlineData("n,,n=,r=a\u007F")]
    [InlineData("n,,n=,r=é")]
    [InlineData("n,,n=,r=abc,")]
    [InlineData("n,,n=,r=abc,x")]
    [InlineData("n,,n=,r=abc,1=x")]
    public void First_messages_that_are_refused(string message)
    {
        Assert.False(new ScramServer(Verifier, mock: false).TryFirst(Bytes(message), out var answer));
        Assert.Empty(answer);
    }

    [Fact]
    public void A_nonce_has_an_upper_bound_on_both_sides()
    {
        Assert.True(new ScramServer(Verifier, mock: false).TryFirst(Bytes("n,,n=,r=" + new string('x', 1024)), out _));
        Assert.False(new ScramServer(Verifier, mock: false).TryFirst(Bytes("n,,n=,r=" + new string('x', 1025)), out _));
        Assert.False(new ScramClient("p", Cache, "abc").TryFinal(Bytes("r=abc" + new string('x', 60000) + ",s=AAAA,i=1"), out _));
    }

    [Theory]
    [InlineData("n,,", "c=eSws")]
    [InlineData("y,,", "c=biws")]
    [InlineData("n,,", "c=")]
    [InlineData("n,,", "d=biws")]
    public void The_binding_flag_must_be_confirmed(string flag, string binding)
    {
        var server = new ScramServer(Verifier, mock: false, ServerNonce);
        Assert.True(server.TryFirst(Bytes(ClientFirst.Replace("n,,", flag, StringComparison.Ordinal)), out _));

        Assert.False(server.TryFinal(Bytes(ClientFinal.Replace("c=biws", binding, StringComparison.Ordinal)), out _));
    }

    [Fact]
    public void Every_truncation_and_every_changed_byte_fails()
    {
        var final = Bytes(ClientFinal);
        for (var i = 0; i < final.Length; i++)
        {
            Assert.False(Final(final[..i]), $"cut at {i}");
            var changed = (byte[])final.Clone();
            changed[i] ^= 4;
            Assert.False(Final(changed), $"changed at {i}");
        }

        Assert.True(Final(final));
        Assert.False(Final([.. final, (byte)'=']));
        Assert.False(Final([.. final, .. ",x=y"u8]));

        static bool Final(byte[] message)
        {
            var server = new ScramServer(Verifier, mock: false, ServerNonce);
            Assert.True(server.TryFirst(Bytes(ClientFirst), out _));
            return server.TryFinal(message, out _);
        }
    }

    [Fact]
    public void A_client_survives_every_truncation_of_the_first_answer()
    {
        var message = Bytes(ServerFirst);
        var passed = new List<int>();
        for (var i = 0; i <= message.Length; i++)
        {
            if (new ScramClient("pencil", Cache, ClientNonce, "user").TryFinal(message.AsSpan(0, i), out _))
            {
                passed.Add(i);
            }
        }

        // "i=4", "i=40" and so on are valid messages themselves.
        Assert.Equal([message.Length - 3, message.Length - 2, message.Length - 1, message.Length], passed);
    }

    [Theory]
    [InlineData("r=abc,s=AAAA,i=1")]
    [InlineData("r=xabcd,s=AAAA,i=1")]
    [InlineData("r=abcd,s=,i=1")]
    [InlineData("r=abcd,s=AAA,i=1")]
    [InlineData("r=abcd,s=A AAA,i=1")]
    [InlineData("r=abcd,s=AAAA")]
    [InlineData("r=abcd,s=AAAA,i=")]
    [InlineData("r=abcd,s=AAAA,i=0")]
    [InlineData("r=abcd,s=AAAA,i=-1")]
    [InlineData("r=abcd,s=AAAA,i=1x")]
    [InlineData("r=abcd,s=AAAA,i=1000001")]
    [InlineData("r=abcd,s=AAAA,i=99999999999")]
    [InlineData("m=must,r=abcd,s=AAAA,i=1")]
    [InlineData("r=abcd,s=AAAA,i=1,junk")]
    [InlineData("s=AAAA,r=abcd,i=1")]
    [InlineData("e=other-error")]
    [InlineData("")]
    public void First_answers_that_a_client_refuses(string message)
    {
        Assert.False(new ScramClient("pencil", Cache, "abc").TryFinal(Bytes(message), out _));
    }

    [Theory]
    [InlineData("e=invalid-proof")]
    [InlineData("v=!")]
    [InlineData("v=AAA")]
    [InlineData("")]
    [InlineData("v")]
    [InlineData("v=AAAA,junk")]
    public void Last_answers_without_a_signature(string message)
    {
        Assert.False(ScramClient.TryReadSignature(Bytes(message), out _));
    }

    [Fact]
    public void A_verifier_is_read_back_as_it_was_written()
    {
        var text = Verifier.ToStoredText();

        Assert.StartsWith("SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$", text, StringComparison.Ordinal);
        Assert.True(ScramVerifier.TryParse(text, out var parsed));
        Assert.Equal(text, parsed!.ToStoredText());
        Assert.True(parsed.Matches("pencil"u8));
        Assert.False(parsed.Matches("pencils"u8));
        for (var i = 0; i < text.Length; i++)
        {
            Assert.False(ScramVerifier.TryParse(text[..i], out _));
        }
    }

    [Fact]
    public void Passwords_are_prepared_only_outside_ASCII()
    {
        Assert.Equal("a b~"u8.ToArray(), ScramPassword.Prepare("a b~"u8));
        Assert.Equal("pä ss"u8.ToArray(), ScramPassword.Prepare("pä\u00A0s\u00ADs"u8));
        Assert.Equal([0xFF, 0xFE], ScramPassword.Prepare([0xFF, 0xFE]));
        Assert.Equal("\u00AD"u8.ToArray(), ScramPassword.Prepare("\u00AD"u8));
        Assert.Equal("é\u0007\u00A0"u8.ToArray(), ScramPassword.Prepare("é\u0007\u00A0"u8));
        Assert.Empty(ScramPassword.Prepare([]));
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
