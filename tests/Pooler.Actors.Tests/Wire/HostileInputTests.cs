using Pooler.Actors.Auth;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Wire;

/// <summary>Whatever bytes arrive, readers give an answer: none of them throws, and none reads beyond its input.</summary>
public sealed class HostileInputTests
{
    private static readonly TrackedParameters Tracked = new(["search_path"]);
    private static readonly AuthenticationCache Cache = new();

    [Fact]
    public void A_startup_message_cut_or_changed_anywhere_is_answered()
    {
        byte[] body = [.. "user\0alice\0database\0shop\0options\0-c timezone=a\\ b --datestyle=x\0replication\0off\0_pq_.x\0y\0DateStyle\0ISO\0\0"u8];
        Assert.True(Answered(body));
        for (var i = 0; i < body.Length; i++)
        {
            Assert.False(Answered(body[..i]), $"cut at {i}");
            foreach (var value in new byte[] { 0, 0x20, 0x3D, 0x5C, 0x80, 0xFF })
            {
                var changed = (byte[])body.Clone();
                changed[i] = value;
                Answered(changed);
            }
        }

        static bool Answered(byte[] bytes)
        {
            var ok = StartupParameters.TryRead(bytes, Tracked, ["extra"], "[::1]:1", out var result, out var error, out _);
            Assert.Equal(ok, result is not null);
            Assert.Equal(ok, error is null);
            using var writer = new MessageWriter();
            writer.WriteFatal(error ?? result!.User);
            return ok;
        }
    }

    [Fact]
    public void Random_bytes_are_answered_by_every_reader()
    {
        var random = new Random(7);
        for (var i = 0; i < 3000; i++)
        {
            var bytes = new byte[random.Next(40)];
            random.NextBytes(bytes);
            if (random.Next(2) == 0)
            {
                bytes.AsSpan(0, Math.Min(bytes.Length, random.Next(8))).Clear();
            }

            FrameHeader.TryRead(bytes, uint.MaxValue, out _);
            StartupRequest.TryRead(bytes, out _, out var consumed, out _);
            Assert.InRange(consumed, 0, bytes.Length);
            StartupParameters.TryRead(bytes, Tracked, [], null, out _, out _, out _);
            ServerError.TryRead(bytes, out _);
            ParameterStatusMessage.TryRead(bytes, out _, out _);
            BackendKeyData.TryRead(bytes, out _, out _);
            NegotiateProtocolVersion.TryRead(bytes, out _, out _);
            using var writer = new MessageWriter();
            foreach (var method in new[] { AuthMethod.Plain, AuthMethod.Md5, AuthMethod.ScramSha256 })
            {
                var login = new ClientAuthentication(method, "alice", true, StoredSecret.Parse("secret"), 1, Cache);
                login.Begin(writer);
                Assert.Equal(AuthenticationOutcome.Failed, login.Receive(bytes, writer).Outcome);
            }

            new ServerAuthentication("alice", StoredSecret.Parse("secret"), null, Cache).Receive(bytes, writer);
        }
    }
}
