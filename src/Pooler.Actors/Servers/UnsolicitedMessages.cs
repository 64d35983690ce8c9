using System.Buffers.Binary;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Servers;

/// <summary>
/// What a server may say although nobody has asked: a NotificationResponse for a LISTEN that somebody left behind, a ParameterStatus when its configuration changes. Source: PostgreSQL
/// protocol, section "Asynchronous Operations".
/// </summary>
internal static class UnsolicitedMessages
{
    private const int HeaderLength = 5;

    /// <summary>The type of the first message in <paramref name="input"/>, which begins with a message, that is none of them; null: all are.</summary>
    public static byte? FindOther(ReadOnlySpan<byte> input)
    {
        while (input.Length > 0)
        {
            if (input[0] is not (BackendMessage.NotificationResponse or BackendMessage.ParameterStatus))
            {
                return input[0];
            }

            if (input.Length < HeaderLength)
            {
                return null;
            }

            var total = 1L + BinaryPrimitives.ReadUInt32BigEndian(input[1..]);
            input = total < input.Length ? input[(int)total..] : default;
        }

        return null;
    }
}
