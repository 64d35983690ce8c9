using System.Globalization;
using System.Text;
using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Fixtures;

/// <summary>
/// Says the same to PostgreSQL itself and to a pooler, so that their answers can be compared message by message. A dialogue is sent without waiting
/// for answers, and read while it is sent: however much it is, nobody waits for anybody who waits.
/// </summary>
internal static class Dialogue
{
    private const string End = "the end of the dialogue";

    /// <summary>The answers to these messages, a line per message, up to that of a query behind them.</summary>
    /// <param name="client">Who says it.</param>
    /// <param name="messages">What is said.</param>
    /// <param name="pieceSize">So many bytes are sent at a time.</param>
    public static async Task<IReadOnlyList<string>> RunAsync(RawClient client, byte[][] messages, int pieceSize = int.MaxValue)
    {
        byte[] all = [.. messages.SelectMany(message => message), .. FrontendMessages.Query($"SELECT '{End}'")];
        Task sending = Task.Run(async () =>
        {
            for (int sent = 0; sent < all.Length; sent += Math.Min(pieceSize, all.Length - sent))
            {
                await client.SendAsync(all[sent..(sent + Math.Min(pieceSize, all.Length - sent))]);
            }
        });
        List<string> answers = [];
        bool isLast = false;
        while (await client.ReadAsync() is { } message)
        {
            string line = Line(message);
            answers.Add(line);
            isLast |= line == $"D {End}";
            if (isLast && message.Type == 'Z')
            {
                await sending;
                return answers;
            }
        }

        answers.Add("closed");
        return answers;
    }

    private static string Line(BackendMessage message)
    {
        switch (message.Type)
        {
            case 'E':
            case 'N':
                ErrorFields error = message.Error();
                return $"{message.Type} {error.Severity} {error.SqlState} {error.Message}";
            case 'D':
                return "D " + string.Join('|', Values(message));
            case 'C':
                return "C " + message.Text;
            case 'Z':
                return "Z " + (char)message.Body[0];
            case 'd':
                return "d " + Encoding.UTF8.GetString(message.Body).TrimEnd('\n');
            case 'T':
            case 't':
                return string.Create(CultureInfo.InvariantCulture, $"{message.Type} {message.Int16()}");
            case 'S':
                return "S " + Encoding.UTF8.GetString(message.Body).Replace('\0', ' ');
            case 'V':
                return "V " + Convert.ToHexString(message.Body);
            default:
                return message.Type.ToString();
        }
    }

    private static IEnumerable<string> Values(BackendMessage message)
    {
        int at = 2;
        for (int left = message.Int16(); left > 0; left--)
        {
            int length = message.Int32(at);
            at += 4;
            yield return length < 0 ? "null" : Encoding.UTF8.GetString(message.Body, at, length);
            at += Math.Max(0, length);
        }
    }
}
