using Pooler.Actors.Auth;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Auth;

/// <summary>Lets the proving side of the pooler log in to its checking side, as one pooler in front of another does.</summary>
public sealed class LoginRoundTripTests
{
    private static readonly AuthenticationCache Cache = new();

    [Theory]
    [InlineData(AuthMethod.Plain, "secret", "secret", true)]
    [InlineData(AuthMethod.Md5, "secret", "secret", true)]
    [InlineData(AuthMethod.ScramSha256, "secret", "secret", true)]
    [InlineData(AuthMethod.ScramSha256, "sécret\u00A0ß", "sécret ß", true)]
    [InlineData(AuthMethod.ScramSha256, "secret", "Secret", false)]
    [InlineData(AuthMethod.Md5, "secret", "Secret", false)]
    [InlineData(AuthMethod.Plain, "secret", "Secret", false)]
    [InlineData(AuthMethod.Trust, "", "", true)]
    public void Both_sides_come_to_the_same_end(AuthMethod method, string stored, string password, bool succeeds)
    {
        using var toClient = new MessageWriter();
        using var toServer = new MessageWriter();
        var server = new ClientAuthentication(method, "alice", true, StoredSecret.Parse(stored), 50, Cache);
        var client = new ServerAuthentication("alice", StoredSecret.Parse(password), null, Cache);
        var result = server.Begin(toClient);
        while (result.Outcome == AuthenticationOutcome.Continue)
        {
            Assert.Equal(AuthenticationOutcome.Continue, client.Receive(toClient.Written[FrameHeader.Size..], toServer).Outcome);
            toClient.Reset();
            result = server.Receive(toServer.Written[FrameHeader.Size..], toClient);
            toServer.Reset();
        }

        Assert.Equal(succeeds, result.Outcome == AuthenticationOutcome.Succeeded);
        if (!succeeds)
        {
            return;
        }

        if (toClient.Length > 0)
        {
            Assert.Equal(AuthenticationOutcome.Continue, client.Receive(toClient.Written[FrameHeader.Size..], toServer).Outcome);
            toClient.Reset();
        }

        toClient.WriteAuthenticationOk();
        Assert.Equal(AuthenticationOutcome.Succeeded, client.Receive(toClient.Written[FrameHeader.Size..], toServer).Outcome);
        Assert.Equal(0, toServer.Length);
    }
}
