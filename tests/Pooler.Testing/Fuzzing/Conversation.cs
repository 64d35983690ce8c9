using System.Buffers.Binary;
using Pooler.Actors.Wire;

namespace Pooler.Testing.Fuzzing;

/// <summary>The part of a recorded conversation that stands behind the login, as exchanges: what the client said, and what it was answered.</summary>
internal sealed class Conversation
{
    private Conversation(Capture capture)
    {
        Name = capture.Name[..^".txt".Length];
        List<CapturedTurn> turns = [.. capture.Turns];
        var login = turns.FindIndex(turn => !turn.IsClient && EndsLogin(turn.Bytes));
        List<(byte[] Client, byte[] Server)> exchanges = [];
        for (var i = login + 1; login >= 0 && i < turns.Count; i++)
        {
            if (turns[i].IsClient)
            {
                exchanges.Add((turns[i].Bytes, i + 1 < turns.Count ? turns[i + 1].Bytes : []));
            }
        }

        Exchanges = exchanges;
        Client = [.. exchanges.SelectMany(exchange => exchange.Client)];
        Server = [.. exchanges.SelectMany(exchange => exchange.Server)];
        Login = login >= 0 ? turns[login].Bytes : [];
    }

    /// <summary>All that go beyond a login.</summary>
    internal static IReadOnlyList<Conversation> All { get; } =
        [.. Capture.All.Select(capture => new Conversation(capture)).Where(conversation => conversation.Exchanges.Count > 0)];

    internal string Name { get; }

    internal IReadOnlyList<(byte[] Client, byte[] Server)> Exchanges { get; }

    /// <summary>All that the client said behind its login.</summary>
    internal byte[] Client { get; }

    /// <summary>All that the server said behind it.</summary>
    internal byte[] Server { get; }

    /// <summary>The server's last words of the login.</summary>
    internal byte[] Login { get; }

    public override string ToString() => Name;

    private static bool EndsLogin(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= 5)
        {
            var total = 1L + BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]);
            if (total > bytes.Length)
            {
                return false;
            }

            if (bytes[0] == BackendMessage.ReadyForQuery)
            {
                return true;
            }

            bytes = bytes[(int)total..];
        }

        return false;
    }
}
