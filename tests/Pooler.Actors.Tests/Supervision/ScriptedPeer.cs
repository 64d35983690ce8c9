using System.Buffers.Binary;
using System.Text;
using Pooler.Actors.Transport.Simulation;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Supervision;

/// <summary>One end of a connection of a <see cref="ScriptedPooler"/>: what it got, as text per message like "Q select 1", and what it sends.</summary>
internal abstract class ScriptedPeer
{
    private readonly List<byte> _received = [];

    protected ScriptedPeer(ScriptedPooler pooler, SimulatedPeer peer)
    {
        Pooler = pooler;
        Peer = peer;
        peer.OnData = (_, bytes) =>
        {
            _received.AddRange(bytes);
            Take();
        };
        peer.OnEnd = _ => IsGone = true;
        peer.OnReset = _ => IsGone = true;
    }

    public SimulatedPeer Peer { get; }

    /// <summary>Messages in order that no <see cref="Expect"/> has read: type and body, NULs as blanks.</summary>
    public Queue<string> Messages { get; } = new();

    /// <summary>The other end has closed.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Bytes that came and are no whole message.</summary>
    public IReadOnlyList<byte> Rest => _received;

    protected ScriptedPooler Pooler { get; }

    /// <summary>Sends what is written.</summary>
    public void Send(Action<MessageWriter> write)
    {
        using var writer = new MessageWriter();
        write(writer);
        Peer.Send(writer.Written);
    }

    public void Send(byte[] bytes) => Peer.Send(bytes);

    /// <summary>Reads on until a message that begins so has come, and gives it.</summary>
    public string Expect(string beginning)
    {
        var found = "";
        Pooler.Until(() =>
        {
            while (Messages.TryDequeue(out var message))
            {
                if (message.StartsWith(beginning, StringComparison.Ordinal))
                {
                    found = message;
                    return true;
                }
            }

            return false;
        });
        return found;
    }

    /// <summary>Reads on until the other end is gone; gives the text of the error that came before, if any.</summary>
    public string? ExpectEnd(int seconds = 300)
    {
        Pooler.Until(() => IsGone, seconds);
        var error = Messages.LastOrDefault(message => message.StartsWith('E'));
        return error is null ? null : error[(error.IndexOf(" M", StringComparison.Ordinal) + 2)..].TrimEnd();
    }

    /// <summary>A message of this type and body.</summary>
    public static byte[] Frame(char type, string body)
    {
        var bytes = new byte[5 + body.Length];
        bytes[0] = (byte)type;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), 4 + body.Length);
        Encoding.Latin1.GetBytes(body).CopyTo(bytes, 5);
        return bytes;
    }

    /// <summary>The messages of these bytes begin with a length without a type.</summary>
    protected virtual bool IsUntyped => false;

    protected virtual void Got(string message, byte[] body) => Messages.Enqueue(message);

    private void Take()
    {
        while (true)
        {
            var untyped = IsUntyped;
            var header = untyped ? 4 : 5;
            if (_received.Count < header)
            {
                return;
            }

            var total = BinaryPrimitives.ReadInt32BigEndian(_received.GetRange(header - 4, 4).ToArray()) + (untyped ? 0 : 1);
            if (_received.Count < total)
            {
                return;
            }

            var body = _received.GetRange(header, total - header).ToArray();
            var type = untyped ? "startup" : ((char)_received[0]).ToString();
            _received.RemoveRange(0, total);
            Got($"{type} {Encoding.Latin1.GetString(body).Replace('\0', ' ')}".TrimEnd(), body);
        }
    }
}
