using System.Buffers.Binary;

namespace Pooler.Testing.Simulation;

/// <content>What it receives, cut into messages, so that those that come unasked can be told from answers.</content>
internal sealed partial class ScriptedClient
{
    private const int Header = 5;

    // Of a message that must be seen whole.
    private readonly List<byte> _unseen = [];
    private int _leftOfMessage;

    /// <summary>Passes on what belongs to answers, as it comes; what the server says unasked is counted and left out.</summary>
    private void TakeMessages(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            Digest = (Digest ^ value) * 1_099_511_628_211;
        }

        while (bytes.Length > 0)
        {
            if (_leftOfMessage > 0)
            {
                var part = Math.Min(_leftOfMessage, bytes.Length);
                _received.AddRange(bytes[..part]);
                _leftOfMessage -= part;
                bytes = bytes[part..];
                continue;
            }

            // Byte by byte as far as the length, then in one piece.
            var wanted = _unseen.Count < Header ? 1 : Math.Max(0, TotalLength() - _unseen.Count);
            var count = Math.Min(wanted, bytes.Length);
            _unseen.AddRange(bytes[..count]);
            bytes = bytes[count..];
            if (_unseen.Count >= Header && (!Interruptions.IsLikely(_unseen[0]) || _unseen.Count == TotalLength()))
            {
                TakeUnseen();
            }
        }
    }

    private int TotalLength() => 1 + BinaryPrimitives.ReadInt32BigEndian(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_unseen)[1..]);

    private void TakeUnseen()
    {
        var message = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_unseen);
        if (!Interruptions.IsLikely(message[0]) || !_server.Interrupts.TryTake(message, Id))
        {
            _leftOfMessage = TotalLength() - message.Length;
            _received.AddRange(message);
        }

        _unseen.Clear();
    }
}
