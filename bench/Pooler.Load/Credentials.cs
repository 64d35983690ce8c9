using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;
using Pooler.Testing.Protocol;

namespace Pooler.Load;

/// <summary>Who logs in, and the answers to what the pooler asks for. Any thread.</summary>
internal sealed class Credentials(string user, string password, string database)
{
    // Thousands of derivations would measure this program's processor; a driver that keeps its keys, as many do, needs one.
    private readonly ConcurrentDictionary<string, byte[]> _salted = new();

    /// <summary>The startup packet.</summary>
    public byte[] Startup { get; } = FrontendMessages.Startup(("user", user), ("database", database), ("application_name", "pooler-load"));

    /// <summary>The answer to an authentication request, null where none is due.</summary>
    public byte[]? Answer(ReadOnlyMemory<byte> request, ref ScramExchange? exchange)
    {
        ReadOnlySpan<byte> rest = request.Span[4..];
        switch (BinaryPrimitives.ReadInt32BigEndian(request.Span))
        {
            case 3:
                return FrontendMessages.Password(password);
            case 5:
                return FrontendMessages.Password(PasswordReply.Md5(user, password, rest));
            case 10:
                exchange = new ScramExchange(PasswordReply.ScramFirstBare(Convert.ToBase64String(Guid.NewGuid().ToByteArray())));
                return PasswordReply.ScramInitial(exchange.FirstBare);
            case 11:
                string serverFirst = Encoding.UTF8.GetString(rest);
                string salt = serverFirst[serverFirst.IndexOf(",s=", StringComparison.Ordinal)..];
                byte[] salted = _salted.GetOrAdd(salt, _ => PasswordReply.ScramSaltedPassword(password, serverFirst));
                return FrontendMessages.Message('p', Encoding.UTF8.GetBytes(PasswordReply.ScramFinal(salted, exchange!.FirstBare, serverFirst)));
            default:
                return null;
        }
    }
}
