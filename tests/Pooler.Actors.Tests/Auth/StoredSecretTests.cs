using Pooler.Actors.Auth;

namespace Pooler.Actors.Tests.Auth;

public sealed class StoredSecretTests
{
    private const string Keys = "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";

    [Theory]
    [InlineData(null, StoredSecretKind.None)]
    [InlineData("", StoredSecretKind.None)]
    [InlineData("secret", StoredSecretKind.Plain)]
    [InlineData("md5", StoredSecretKind.Plain)]
    [InlineData("md50123456789abcdef0123456789abcdef", StoredSecretKind.Md5)]
    [InlineData("md50123456789ABCDEF0123456789abcdef", StoredSecretKind.Plain)]
    [InlineData("MD50123456789abcdef0123456789abcdef", StoredSecretKind.Plain)]
    [InlineData("md50123456789abcdef0123456789abcde", StoredSecretKind.Plain)]
    [InlineData("md50123456789abcdef0123456789abcdef0", StoredSecretKind.Plain)]
    [InlineData("SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$" + Keys, StoredSecretKind.Scram)]
    [InlineData("SCRAM-SHA-256$0:W22ZaJ0SNY7soEsUEjb6gQ==$" + Keys, StoredSecretKind.Plain)]
    [InlineData("SCRAM-SHA-256$-1:W22ZaJ0SNY7soEsUEjb6gQ==$" + Keys, StoredSecretKind.Plain)]
    [InlineData("SCRAM-SHA-256$99999999999:W22ZaJ0SNY7soEsUEjb6gQ==$" + Keys, StoredSecretKind.Plain)]
    [InlineData("SCRAM-SHA-256$4096:$" + Keys, StoredSecretKind.Plain)]
    [InlineData("SCRAM-SHA-256$4096:W22Z$" + Keys + "A", StoredSecretKind.Plain)]
    [InlineData("SCRAM-SHA-256$4096:W22Z$AAAA:AAAA", StoredSecretKind.Plain)]
    [InlineData("SCRAM-SHA-256$", StoredSecretKind.Plain)]
    public void The_text_tells_the_kind(string? text, StoredSecretKind kind)
    {
        var secret = StoredSecret.Parse(text);

        Assert.Equal(kind, secret.Kind);
        Assert.Equal(kind.ToString(), secret.ToString());
        Assert.Equal(kind == StoredSecretKind.Scram, secret.Verifier is not null);
    }

    [Fact]
    public void MD5_hashes_password_and_name()
    {
        // select 'md5' || md5('secret' || 'alice')
        Assert.Equal("md5" + Md5Hex("secretalice"), Md5Password.Hash("secret"u8, "alice"));
        Assert.Equal(35, Md5Password.Answer(Md5Password.Hash("secret"u8, "alice"), [1, 2, 3, 4]).Length);
    }

    private static string Md5Hex(string text) =>
        Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(System.Text.Encoding.ASCII.GetBytes(text)));
}
