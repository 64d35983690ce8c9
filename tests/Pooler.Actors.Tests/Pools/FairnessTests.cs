using Pooler.Actors.Tests.Supervision;

namespace Pooler.Actors.Tests.Pools;

/// <summary>Whatever happens to servers and clients: who asked first is served first, and nobody who stays is left out.</summary>
public sealed class FairnessTests
{
    private const string Own = "own";
    private const int Steps = 400;

    public static TheoryData<int, string> Runs()
    {
        var runs = new TheoryData<int, string>();
        for (var seed = 1; seed <= 4; seed++)
        {
            runs.Add(seed, "server_round_robin = 0");
            runs.Add(seed, "server_round_robin = 1\nserver_reset_query = own\nserver_reset_query_always = 1");
            runs.Add(seed, "server_check_query = own\nserver_check_delay = 0");
        }

        return runs;
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void NobodyIsPassedOver(int seed, string settings)
    {
        using var pooler = new ScriptedPooler(
            "default_pool_size = 3\nreserve_pool_size = 2\nreserve_pool_timeout = 1\nquery_wait_timeout = 0\nserver_connect_timeout = 1000\n" + settings);
        var crowd = new Crowd(pooler, new Random(seed));
        for (var i = 0; i < Steps; i++)
        {
            crowd.Step();
        }

        Assert.True(crowd.MostWaiting > 4, "nobody had to wait");
        Assert.True(crowd.Losses > 0, "no server was lost");
        crowd.ServeAll();
    }

    /// <summary>Clients and servers that do one thing after the other, and what must follow from it.</summary>
    private sealed class Crowd
    {
        private const int Size = 12;
        private readonly ScriptedPooler _pooler;
        private readonly Random _random;
        private readonly List<ScriptedClient> _resting = [];
        private readonly List<(string Query, ScriptedClient Client)> _waiting = [];
        private readonly Dictionary<ScriptedServer, (string Query, ScriptedClient? Client)> _busy = [];
        private readonly List<ScriptedServer> _logins = [];
        private readonly HashSet<ScriptedServer> _lost = [];
        private int _asked;

        public Crowd(ScriptedPooler pooler, Random random)
        {
            _pooler = pooler;
            _random = random;
            _resting.AddRange(Enumerable.Range(0, Size).Select(_ => pooler.Login()));
            pooler.OnLogin = _logins.Add;
        }

        public int MostWaiting { get; private set; }

        public int Losses => _lost.Count;

        public void Step()
        {
            switch (_random.Next(16))
            {
                case < 7:
                    Ask();
                    break;
                case < 11:
                    Answer();
                    break;
                case < 13:
                    LetIn();
                    break;
                case 13:
                    // Long enough for the reserve.
                    _pooler.RunFor(1.5);
                    break;
                case 14 when _random.Next(3) == 0:
                    LoseServer();
                    break;
                case 15 when _waiting.Count > 0:
                    Leave(_random.Next(_waiting.Count));
                    break;
                default:
                    break;
            }

            Observe();
        }

        /// <summary>From here on servers do what they are asked for.</summary>
        public void ServeAll()
        {
            for (var turn = 0; _waiting.Count > 0 || _busy.Count > 0; turn++)
            {
                Assert.True(turn < 1000, $"{_waiting.Count} clients are never served");
                LetIn();
                Answer();
                _pooler.RunFor(0.5);
                Observe();
            }
        }

        private void Ask()
        {
            if (_resting.Count == 0)
            {
                return;
            }

            var client = _resting[_random.Next(_resting.Count)];
            _resting.Remove(client);
            var query = $"select {_asked++}";
            client.Query(query);
            _waiting.Add((query, client));
        }

        private void Answer()
        {
            if (_busy.Count == 0)
            {
                return;
            }

            var (server, (_, client)) = _busy.ElementAt(_random.Next(_busy.Count));
            _busy.Remove(server);
            server.Answer();
            if (client is not null)
            {
                client.Expect("Z");
                _resting.Add(client);
            }
        }

        private void LetIn()
        {
            if (_logins.Count > 0)
            {
                _logins[0].LogIn();
                _logins.RemoveAt(0);
            }
        }

        private void LoseServer()
        {
            // A login that fails is told to those who come next instead of letting them wait.
            var open = _pooler.Servers.Where(server => !server.IsGone && !_lost.Contains(server) && !_logins.Contains(server)).ToArray();
            if (open.Length == 0)
            {
                return;
            }

            var server = open[_random.Next(open.Length)];
            _lost.Add(server);
            server.Peer.Reset();
            if (_busy.Remove(server, out var work) && work.Client is { } client)
            {
                client.ExpectEnd();
                Observe();
                _resting.Add(_pooler.Login());
            }
        }

        private void Leave(int place)
        {
            _waiting[place].Client.Peer.Reset();
            _waiting.RemoveAt(place);
            _pooler.Settle();
            Observe();
            _resting.Add(_pooler.Login());
        }

        /// <summary>What servers have been given since the last look are the requests that had waited longest.</summary>
        private void Observe()
        {
            _pooler.Settle();
            var served = new List<(ScriptedServer Server, string Query)>();
            foreach (var server in _pooler.Servers)
            {
                while (server.Messages.TryDequeue(out var message))
                {
                    if (message == $"Q {Own}")
                    {
                        _busy.Add(server, (Own, null));
                    }
                    else if (message.StartsWith("Q ", StringComparison.Ordinal))
                    {
                        served.Add((server, message[2..]));
                    }
                }
            }

            Assert.Equal(_waiting.Take(served.Count).Select(entry => entry.Query).Order(), served.Select(entry => entry.Query).Order());
            foreach (var (server, query) in served)
            {
                _busy.Add(server, (query, _waiting.Find(entry => entry.Query == query).Client));
            }

            _waiting.RemoveRange(0, served.Count);
            MostWaiting = Math.Max(MostWaiting, _waiting.Count);
        }
    }
}
