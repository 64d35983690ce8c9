using System.Buffers.Binary;
using Pooler.Actors.Transport.Simulation;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Supervision;

/// <summary>A server's side of one connection. It logs the pooler in by itself; everything else the test says.</summary>
internal sealed class ScriptedServer(ScriptedPooler pooler, SimulatedPeer peer) : ScriptedPeer(pooler, peer)
{
    private bool _hasStarted;

    /// <summary>The startup packet, its texts separated by blanks.</summary>
    public string Startup { get; private set; } = "";

    /// <summary>It carried a cancel request with this key.</summary>
    public CancelKey? CancelKey { get; private set; }

    /// <summary>What of that key is behind its first eight bytes.</summary>
    public byte[] CancelKeyTail { get; private set; } = [];

    /// <summary>The version of the protocol that the startup packet asks for.</summary>
    public int Version { get; private set; }

    /// <summary>The key by which it can be cancelled.</summary>
    public CancelKey Key { get; private set; }

    protected override bool IsUntyped => !_hasStarted;

    /// <summary>Lets the pooler in.</summary>
    public void LogIn(string version = "15.0", byte[]? keyTail = null)
    {
        Span<byte> key = stackalloc byte[8];
        BinaryPrimitives.WriteInt32BigEndian(key, 1000 + Pooler.Servers.Count);
        Key = new CancelKey(key);
        Send(writer =>
        {
            writer.WriteAuthenticationOk();
            writer.WriteParameterStatus("server_version", version);
            writer.WriteParameterStatus("TimeZone", "UTC");
            writer.WriteParameterStatus("application_name", "");
            writer.WriteBackendKeyData(Key, keyTail);
            writer.WriteReadyForQuery(TransactionStatus.Idle);
        });
    }

    /// <summary>Waits for a query of this text and answers it.</summary>
    public void Serve(string query, byte status = TransactionStatus.Idle)
    {
        Expect("Q " + query);
        Answer(status);
    }

    /// <summary>Answers a query.</summary>
    public void Answer(byte status = TransactionStatus.Idle) => Send(writer =>
    {
        writer.WriteCommandComplete("OK");
        writer.WriteReadyForQuery(status);
    });

    protected override void Got(string message, byte[] body)
    {
        base.Got(message, body);
        if (_hasStarted)
        {
            return;
        }

        _hasStarted = true;
        Startup = message;
        Version = BinaryPrimitives.ReadInt32BigEndian(body);
        if (Version == ProtocolCode.CancelRequest)
        {
            CancelKey = new CancelKey(body.AsSpan(4));
            CancelKeyTail = body[12..];
        }
        else if (Pooler.OnLogin is { } script)
        {
            script(this);
        }
        else
        {
            LogIn();
        }
    }
}
