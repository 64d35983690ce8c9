using System.Buffers.Binary;
using Pooler.Actors.Transport;
using Pooler.Actors.Transport.Simulation;
using Pooler.Actors.Wire;

namespace Pooler.Testing.Simulation;

/// <summary>
/// A client in a simulated network that plays a script and compares every byte it receives with what a session of its own would have answered. The
/// other part of the class has the scripts.
/// </summary>
internal sealed partial class ScriptedClient
{
    private readonly SimulatedNetwork _network;
    private readonly ConnectTarget _target;
    private readonly FakePostgres _server;
    private readonly Random _random;
    private readonly SimulatedPeer _peer;
    private readonly MessageWriter _requests = new();
    private readonly List<byte> _received = [];
    private readonly List<byte> _history = [];
    private readonly List<KeyValuePair<string, string>> _startup;
    private readonly IEnumerator<Pause> _script;
    private BackendModel? _model;
    private CancelKey _key;
    private byte[] _keyTail = [];
    private bool _isNegotiated;
    private Pause _pause = Pause.ForAnswers;
    private long _pauseStart;
    private long _pauseEnd;
    private bool _isAdvancing;
    private int _diesAtSent;
    private int _diesAtReceived;

    /// <param name="network">Where it lives.</param>
    /// <param name="pooler">The pooler's address.</param>
    /// <param name="server">Tells the names of the parameters.</param>
    /// <param name="id">Its number, which its queries name.</param>
    /// <param name="database">The database that it asks for.</param>
    /// <param name="user">The user that it is.</param>
    internal ScriptedClient(SimulatedNetwork network, ConnectTarget pooler, FakePostgres server, int id, string database, string user)
    {
        _network = network;
        _target = pooler;
        _server = server;
        Id = id;
        _random = new Random((network.Seed * 31_337) + id);
        _startup = [new("database", database), new("user", user)];
        _script = Play().GetEnumerator();
        _pauseStart = network.Now;
        _peer = network.ConnectPeer(pooler);
        _peer.OnData = (_, bytes) => Receive(bytes);
        _peer.OnEnd = _ => Ended("the connection ended");
        _peer.OnReset = _ => Ended("the connection was reset");
        _peer.OnRefused = (_, error) => Ended(error);
    }

    internal int Id { get; }

    /// <summary>What it does.</summary>
    internal ClientHabits Habits { get; init; } = ClientHabits.AllButDeaths;

    /// <summary>How many rounds its script has.</summary>
    internal int Rounds { get; init; } = 10;

    /// <summary>Whether it uses explicit transactions and several statements at all: not in statement mode.</summary>
    internal bool IsStatementMode { get; init; }

    /// <summary>Whether its server is its own for the whole session.</summary>
    internal bool IsSessionMode { get; init; }

    /// <summary>A script of its own instead of the random one.</summary>
    internal Func<ScriptedClient, IEnumerable<Pause>>? Script { get; init; }

    /// <summary>The version of the protocol that it asks for.</summary>
    internal int Version { get; init; } = ProtocolCode.Version3;

    /// <summary>Parameters of the startup packet besides database and user.</summary>
    internal IReadOnlyList<KeyValuePair<string, string>> Parameters { get; init; } = [];

    /// <summary>Its script is over, or its connection.</summary>
    internal bool IsDone { get; private set; }

    /// <summary>How the connection ended before the script did; null: it did not.</summary>
    internal string? End { get; private set; }

    /// <summary>The message of the FATAL error that ended it; null: none came.</summary>
    internal string? FatalText { get; private set; }

    /// <summary>What it received and should not have.</summary>
    internal string? Violation { get; private set; }

    /// <summary>Cancel requests that are under way.</summary>
    internal int CancelsUnderWay { get; private set; }

    /// <summary>The longest time that it has waited for answers, its login included, microseconds.</summary>
    internal long LongestWait { get; private set; }

    /// <summary>It has asked for a cancel at least once.</summary>
    internal bool HasCancelled { get; private set; }

    /// <summary>Transactions that came to their end and whose answers have all come.</summary>
    internal int Transactions { get; private set; }

    /// <summary>It has said or been told something that ends its connection.</summary>
    internal bool MayBeCutOff => _mayBeCutOff || _model is { IsDead: true };

    /// <summary>Bytes that came.</summary>
    internal long ReceivedBytes { get; private set; }

    /// <summary>A number made of all that came behind its login, which has a random key (FNV-1a).</summary>
    internal ulong Digest { get; private set; } = 14_695_981_039_346_656_037;

    /// <summary>It went on to the end of its script and has had all its answers.</summary>
    internal bool HasFinished { get; private set; }

    /// <summary>Logged in, with nothing more to receive for what it has sent.</summary>
    internal bool IsAnswered => _model is { Sleep: 0, Output.Length: 0, IsDead: false } && _received.Count == 0 && _guesses.Count == 0;

    /// <summary>Logged in.</summary>
    internal bool IsLoggedIn => _model is not null;

    /// <summary>It has begun a transaction.</summary>
    internal bool IsInTransaction => _model is { Status: not TransactionStatus.Idle };

    /// <summary>Its end of the connection, for tests that treat it badly.</summary>
    internal SimulatedPeer Peer => _peer;

    /// <summary>For the message of a failing test.</summary>
    public override string ToString() =>
        $"client {Id} of {_startup[0].Value}: {(IsLoggedIn ? "logged in" : "not logged in")}, {Transactions} transactions, awaits "
        + $"{_model?.Output.Length} bytes, has {_received.Count} unexplained ({Describe(_received.ToArray())}), ended: {End}, done: {IsDone}, "
        + $"expects {(_model is null ? "" : Describe(_model.Output[_matched..]))}, said {string.Join(" | ", _said)}";

    /// <summary>Starts.</summary>
    internal void Start()
    {
        _startup.AddRange(Parameters);
        _requests.Reset();
        _requests.WriteStartupMessageOf(Version, _startup.ToArray());
        _peer.Send(_requests.Written);
        if (Habits.HasFlag(ClientHabits.Haste) && _random.Next(4) == 0)
        {
            // What the login will make of the parameters is known later; the query is answered then.
            _requests.Reset();
            _requests.WriteQuery($"notice {Id} 0");
            _peer.Send(_requests.Written);
            _history.AddRange(_requests.Written);
        }
    }

    /// <summary>Leaves at once.</summary>
    internal void Vanish(bool withReset)
    {
        IsDone = true;
        if (withReset)
        {
            _peer.Reset();
        }
        else
        {
            _peer.Close();
        }
    }

    private static string Describe(ReadOnlySpan<byte> bytes) =>
        new([.. WireText.Decode(bytes[..Math.Min(bytes.Length, 200)]).Select(character => character < ' ' ? '.' : character)]);

    private void Receive(ReadOnlySpan<byte> bytes)
    {
        if (IsDone || Violation is not null)
        {
            return;
        }

        ReceivedBytes += bytes.Length;
        if (_diesAtReceived > 0 && (_diesAtReceived -= bytes.Length) <= 0)
        {
            Vanish(Chance(2));
            return;
        }

        if (_model is null)
        {
            _received.AddRange(bytes);
            if (!TryFinishLogin())
            {
                return;
            }
        }
        else
        {
            TakeMessages(bytes);
        }

        Match();
        if (IsAnswered)
        {
            Transactions = _model!.Transactions;
        }

        Advance();
    }

    private bool TryFinishLogin()
    {
        var bytes = _received.ToArray();
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (var position = 0; bytes.Length - position >= 5;)
        {
            var total = 1 + BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(position + 1));
            if (bytes.Length - position < total)
            {
                return false;
            }

            var body = bytes.AsSpan(position + 5, total - 5);
            position += total;
            switch (bytes[position - total])
            {
                case BackendMessage.ParameterStatus:
                    var words = WireText.Decode(body).Split('\0');
                    values[words[0]] = words[1];
                    break;
                case BackendMessage.BackendKeyData:
                    _key = new CancelKey(body);
                    _keyTail = body[CancelKey.Size..].ToArray();
                    break;
                case BackendMessage.NegotiateProtocolVersion:
                    _isNegotiated = true;
                    break;
                case BackendMessage.ReadyForQuery:
                    _received.RemoveRange(0, position);
                    CheckLogin(values);
                    _model = new BackendModel(_server.ParameterNames, [.. _server.ParameterNames.Select(name => values[name])]);
                    _model.Feed(_history.ToArray());
                    var rest = _received.ToArray();
                    _received.Clear();
                    TakeMessages(rest);
                    return true;
                case BackendMessage.Authentication:
                    break;
                default:
                    // An error; the end of the connection follows.
                    return false;
            }
        }

        return false;
    }

    private void CheckLogin(Dictionary<string, string> values)
    {
        // 3.1 has never been, and of 3.2 the long key is all that shows.
        if (_isNegotiated != (Version is not (ProtocolCode.Version3 or ProtocolCode.Version32)) || (_keyTail.Length > 0) != (Version >= ProtocolCode.Version32))
        {
            Violation = $"client {Id} asked for version {Version:x}, which was {(_isNegotiated ? "" : "not ")}negotiated, and has {_keyTail.Length} more bytes of key";
        }

        foreach (var (name, value) in Parameters)
        {
            if (values[name] != value)
            {
                Violation = $"client {Id} asked for {name} {value} and was told {values[name]}";
            }
        }
    }

    private void Match()
    {
        while (_received.Count > 0 && Violation is null)
        {
            ChooseAnswer();
            var received = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_received);
            var expected = _model!.Output[_matched..];
            var count = expected.CommonPrefixLength(received);
            _matched += count;
            _received.RemoveRange(0, count);
            if (count < expected.Length)
            {
                // What does not fit must be a FATAL error, and the last thing that comes.
                return;
            }

            _model.ClearOutput();
            _matched = 0;
            EndGuess();
            if (_guesses.Count > 0)
            {
                continue;
            }

            if (_received.Count == 0 || _model.Sleep == 0)
            {
                return;
            }

            var isCancelled = _received[0] == BackendMessage.ErrorResponse;
            if (isCancelled && !HasCancelled)
            {
                return;
            }

            _model.Wake(isCancelled);
        }
    }

    private void Advance()
    {
        if (_isAdvancing)
        {
            return;
        }

        _isAdvancing = true;
        while (!IsDone && Violation is null && (_pause.Answers ? IsAnswered : _network.Now >= _pauseEnd))
        {
            LongestWait = Math.Max(LongestWait, _pause.Answers ? _network.Now - _pauseStart : 0);
            if (!_script.MoveNext())
            {
                HasFinished = IsAnswered;
                IsDone = true;
                break;
            }

            _pause = _script.Current;
            _pauseStart = _network.Now;
            if (!_pause.Answers)
            {
                _pauseEnd = _network.Now + _pause.Time;
                _network.After(TimeSpan.FromMicroseconds(_pause.Time), Advance);
            }
        }

        _isAdvancing = false;
    }
}
