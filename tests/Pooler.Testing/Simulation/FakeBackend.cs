using System.Buffers.Binary;
using System.Globalization;
using Pooler.Actors.Transport.Simulation;
using Pooler.Actors.Wire;

namespace Pooler.Testing.Simulation;

/// <summary>One connection of a <see cref="FakePostgres"/>: a session or a cancel request.</summary>
internal sealed class FakeBackend
{
    private static readonly Dictionary<string, string> Defaults = new(StringComparer.OrdinalIgnoreCase)
    {
        ["DateStyle"] = "ISO, MDY",
        ["client_encoding"] = "UTF8",
        ["TimeZone"] = "Europe/Vienna",
        ["standard_conforming_strings"] = "on",
        ["application_name"] = "",
    };

    // A server keeps this many bytes back until it is told otherwise.
    private const int OutputBuffer = 8192;

    private readonly FakePostgres _server;
    private readonly SimulatedPeer _peer;
    private readonly List<byte> _startup = [];
    private BackendModel? _model;
    private int _sleepNumber;
    private bool _isSleepPlanned;
    private bool _isFree = true;
    private bool _isGone;

    internal FakeBackend(FakePostgres server, SimulatedPeer peer)
    {
        _server = server;
        _peer = peer;
        peer.OnData = (_, bytes) => Take(bytes);
        peer.OnEnd = _ =>
        {
            Leave();
            peer.Close();
        };
        peer.OnReset = _ => Leave();
    }

    internal CancelKey Key { get; private set; }

    /// <summary>The rest of a key of protocol 3.2.</summary>
    internal byte[] KeyTail { get; private set; } = [];

    /// <summary>The database of the startup packet.</summary>
    internal string Database { get; private set; } = "";

    /// <summary>The user of the startup packet.</summary>
    internal string LoginUser { get; private set; } = "";

    /// <summary>The client whose work is under way here; null between transactions.</summary>
    internal int? User { get; private set; }

    /// <summary>Requests of clients that began here.</summary>
    internal int Commands { get; private set; }

    /// <summary>What is under way here has used a table.</summary>
    internal bool HoldsTables => _model is { HoldsTables: true };

    /// <summary>Its end of the connection, for tests that stall it.</summary>
    internal SimulatedPeer Peer => _peer;

    /// <summary>Ends the connection: with a word and in good order, without one, or with a reset.</summary>
    internal void Die(int how)
    {
        Leave();
        if (how == 0)
        {
            using var writer = new MessageWriter();
            writer.WriteFatal("terminating connection due to administrator command", "57P01");
            _peer.Send(writer.Written);
        }

        if (how == 2)
        {
            _peer.Reset();
        }
        else
        {
            _peer.Close();
        }
    }

    /// <summary>Sends bytes that nobody asked for.</summary>
    internal void Say(ReadOnlySpan<byte> bytes) => _peer.Send(bytes);

    internal bool TryCancel()
    {
        if (_model is not { Sleep: > 0 } model)
        {
            return false;
        }

        Wake(model, isCancelled: true);
        return true;
    }

    private void Leave()
    {
        if (!_isGone)
        {
            _isGone = true;
            _server.Remove(this);
        }
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        if (_isGone)
        {
            return;
        }

        if (_model is null)
        {
            _startup.AddRange(bytes);
            TakeStartup();
            return;
        }

        _model.Feed(bytes);
        AfterWork(_model);
    }

    private void TakeStartup()
    {
        if (_startup.Count < 8)
        {
            return;
        }

        var packet = _startup.ToArray();
        var length = BinaryPrimitives.ReadInt32BigEndian(packet);
        if (packet.Length < length)
        {
            return;
        }

        if (BinaryPrimitives.ReadInt32BigEndian(packet.AsSpan(4)) == ProtocolCode.CancelRequest)
        {
            var key = new CancelKey(packet.AsSpan(8));
            var tail = packet[(8 + CancelKey.Size)..length];
            _server.Network.After(TimeSpan.FromMicroseconds(_server.Network.Random(3000)), () =>
            {
                _server.Cancel(key, tail);
                _peer.Close();
            });
            return;
        }

        Begin(BinaryPrimitives.ReadInt32BigEndian(packet.AsSpan(4)), WireText.Decode(packet.AsSpan(8, length - 9)).Split('\0'));
    }

    private void Begin(int version, string[] words)
    {
        var values = new Dictionary<string, string>(Defaults, StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i + 1 < words.Length; i += 2)
        {
            if (words[i] == "database")
            {
                Database = words[i + 1];
            }
            else if (words[i] == "user")
            {
                LoginUser = words[i + 1];
            }
            else if (values.ContainsKey(words[i]))
            {
                values[words[i]] = words[i + 1];
            }
        }

        Key = _server.NextKey();
        var model = new BackendModel(_server.ParameterNames, [.. _server.ParameterNames.Select(name => values[name])])
        {
            CommandStarts = OnCommand,
            SchemaVersion = () => _server.SchemaVersion,
        };
        using var writer = new MessageWriter();
        var isNew = version == ProtocolCode.Version32 && _server.KnowsVersion32;
        if (version != ProtocolCode.Version3 && !isNew)
        {
            writer.WriteNegotiateProtocolVersion(ProtocolCode.Version3, []);
        }

        if (isNew)
        {
            KeyTail = new byte[1 + (Key.ProcessId % 248)];
            Array.Fill(KeyTail, (byte)Key.ProcessId);
        }

        writer.WriteAuthenticationOk();
        writer.WriteParameterStatus("server_version", "15.13");
        foreach (var name in _server.ParameterNames)
        {
            writer.WriteParameterStatus(name, values[name]);
        }

        writer.WriteParameterStatus("integer_datetimes", "on");
        writer.WriteBackendKeyData(Key, KeyTail);
        writer.WriteReadyForQuery(TransactionStatus.Idle);
        _peer.Send(writer.Written);
        _model = model;
        _server.Add(this);
    }

    private void OnCommand(string[] words)
    {
        if (words[0] is "SET" or "DISCARD" or "SELECT")
        {
            if (!_isFree || (User is not null && words[0] != "DISCARD"))
            {
                _server.Violations.Add($"the pooler's own {words[0]} came in the midst of client {User}'s work");
            }

            if (words[0] == "DISCARD")
            {
                User = null;
            }

            return;
        }

        Commands++;
        _isFree = false;
        var client = int.Parse(words[1], CultureInfo.InvariantCulture);
        if (User is { } user && user != client)
        {
            _server.Violations.Add($"client {client} works on a server that client {user} has not left");
        }

        User = client;
    }

    private void AfterWork(BackendModel model)
    {
        if (model.Output.Length > 0 && (model.MustSend || model.Output.Length > OutputBuffer))
        {
            Answer(model);
        }

        if (_isGone)
        {
            return;
        }

        _isFree = model.IsFree;
        if (_isFree && Database != _server.SessionDatabase)
        {
            User = null;
        }

        if (model.IsTerminated || model.IsDead)
        {
            Leave();
            _peer.Close();
        }
        else if (model.Sleep > 0 && !_isSleepPlanned)
        {
            _isSleepPlanned = true;
            var number = ++_sleepNumber;
            _server.Network.After(TimeSpan.FromMilliseconds(model.Sleep), () =>
            {
                if (number == _sleepNumber && !_isGone)
                {
                    Wake(model, isCancelled: false);
                }
            });
        }
    }

    /// <summary>Sends what the model has to say: with asynchronous messages between its own, or cut off anywhere by the server's end.</summary>
    private void Answer(BackendModel model)
    {
        if (_server.DiesInAnswer())
        {
            // A word of farewell stands between two messages only.
            var length = _server.Network.Random(model.Output.Length + 1);
            _peer.Send(model.Output[..length]);
            Die(length < model.Output.Length ? 1 + _server.Network.Random(2) : _server.Network.Random(3));
        }
        else if (User is not null && _server.SpoilsAnswer())
        {
            var wrong = model.Output.ToArray();
            wrong[_server.Network.Random(wrong.Length)] ^= 1;
            _peer.Send(wrong);
        }
        else
        {
            _server.Interrupts.Send(_peer, User, model.Output);
        }

        model.ClearOutput();
    }

    private void Wake(BackendModel model, bool isCancelled)
    {
        _sleepNumber++;
        _isSleepPlanned = false;
        model.Wake(isCancelled);
        AfterWork(model);
    }
}
