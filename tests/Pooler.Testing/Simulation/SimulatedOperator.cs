using Pooler.Actors.Configuration;
using Pooler.Actors.Supervision;

namespace Pooler.Testing.Simulation;

/// <summary>
/// Somebody at the console of a simulated pooler, with two sessions: one gives commands that may take long, the other ends what they have begun. Each may end in the midst of
/// that and comes back by another connection. What the commands answer is not looked at; what clients notice of them is. When it has left, nothing is paused any more, so that
/// whoever still waits then waits for no good reason.
/// </summary>
internal sealed class SimulatedOperator
{
    private static readonly string[] Harmless =
    [
        "PAUSE", "PAUSE transaction", "PAUSE session", "PAUSE TIMEOUT '0.01'", "PAUSE shared TIMEOUT '0.01'", "SUSPEND", "RECONNECT", "RECONNECT shared", "WAIT_CLOSE",
        "WAIT_CLOSE statement", "RELOAD", "SHOW POOLS", "SHOW CLIENTS", "SHOW SERVERS", "SHOW SOCKETS", "SHOW DATABASES", "SHOW LISTS",
        "SET server_lifetime=2", "SET default_pool_size=1", "SET default_pool_size=3", "SET server_round_robin=1",
    ];

    private static readonly string[] Ends = ["RESUME", "RESUME transaction", "RESUME session", "RESUME statement", "RESUME shared"];

    private static readonly string[] Deadly =
    [
        "KILL transaction", "KILL statement", "KILL", "KILL_CLIENT", "KILL_CLIENT", "DISABLE transaction", "DISABLE shared", "ENABLE transaction", "ENABLE shared", "DATABASES", "DATABASES",
        "SET server_fast_close=1",
    ];

    private static readonly string[] DeadlyEnds = ["ENABLE transaction", "ENABLE shared"];

    /// <summary>Sections [databases]: one of them is gone, or is another one by the same name.</summary>
    private static readonly string[] Databases =
    [
        PoolerSimulation.DatabaseLines,
        PoolerSimulation.DatabaseLines.Replace("shared = host=10.0.0.1 user=user9", "", StringComparison.Ordinal),
        PoolerSimulation.DatabaseLines.Replace("shared =", "* =", StringComparison.Ordinal),
        PoolerSimulation.DatabaseLines.Replace("shared = host=10.0.0.1", "shared = host=10.0.0.1 pool_size=1", StringComparison.Ordinal),
    ];

    private const int Dies = 3;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    private readonly PoolerSimulation _simulation;
    private readonly string[] _commands;
    private readonly string[] _ends;
    private readonly List<SimulatedConsole> _consoles = [];
    private readonly int _haste;
    private SimulatedConsole _first;
    private SimulatedConsole _second;
    private int _left;
    private int _given;
    private bool _isNextPlanned;
    private bool _hasSaidAll;

    /// <param name="simulation">Whose console.</param>
    /// <param name="mayKill">Whether it also ends clients.</param>
    internal SimulatedOperator(PoolerSimulation simulation, bool mayKill)
    {
        _simulation = simulation;
        _commands = mayKill ? [.. Harmless, .. Deadly] : Harmless;
        _ends = mayKill ? [.. Ends, .. DeadlyEnds] : Ends;
        _left = 10 + Random(30);
        _haste = 5 + Random(60);
        _first = ConnectFirst();
        _second = ConnectSecond();
    }

    /// <summary>Answers to its commands and logins.</summary>
    internal int Answered { get; private set; }

    /// <summary>It has taken everything back, and no session of its is left.</summary>
    internal bool HasLeft => _hasSaidAll && _consoles.TrueForAll(console => console.IsGone);

    private int Random(int limit) => _simulation.Network.Random(limit);

    private void Later(Action action) => _simulation.Network.After(TimeSpan.FromMicroseconds(Random(_haste * 1000)), action);

    private SimulatedConsole Connect()
    {
        var console = new SimulatedConsole(_simulation);
        _consoles.Add(console);
        return console;
    }

    private SimulatedConsole ConnectFirst()
    {
        _isNextPlanned = false;
        _first = Connect();
        _first.OnAnswer = PlanNext;
        _first.OnLost = () => Later(() => ConnectFirst());
        return _first;
    }

    private void PlanNext()
    {
        Answered++;
        if (!_isNextPlanned)
        {
            _isNextPlanned = true;
            var console = _first;
            Later(() => Next(console));
        }
    }

    private void Next(SimulatedConsole console)
    {
        if (!console.IsOpen)
        {
            return;
        }

        _isNextPlanned = false;
        if (_left-- <= 0)
        {
            console.Leave(Farewell.Terminate);
            return;
        }

        var command = _commands[Random(_commands.Length)];
        var words = command.Split(' ', '=');
        switch (words[0])
        {
            // The console asks for these in a way that takes other threads, whose pace no seed decides.
            case "DATABASES":
                _simulation.WriteSettings(Databases[Random(Databases.Length)]);
                goto case "RELOAD";
            case "RELOAD":
                _simulation.Tell(ActorNames.Configuration, ReloadSettings.Instance);
                PlanNext();
                break;
            case "SET":
                _simulation.Tell(ActorNames.Configuration, new ChangeSetting(words[1], words[2]));
                PlanNext();
                break;
            case "KILL_CLIENT":
                console.Say($"KILL_CLIENT {1 + Random(200)}");
                break;
            default:
                console.Say(command);
                var given = ++_given;
                if (Random(3) == 0)
                {
                    Later(() => LoseTemper(console, given, Random(4)));
                }

                // What this waits for may not come while all is suspended, when nobody is let in who could end that.
                _simulation.Network.After(LongestWait, () => LoseTemper(console, given, Dies));
                break;
        }
    }

    /// <summary>Does not wait any longer, or dies while it does.</summary>
    private void LoseTemper(SimulatedConsole console, int given, int how)
    {
        if (given != _given || _isNextPlanned || !console.IsOpen)
        {
            return;
        }

        switch (how)
        {
            case 0:
                console.Cancel();
                break;
            case 1:
                console.Say(_ends[Random(_ends.Length)]);
                break;
            default:
                console.Leave((Farewell)Random(3));
                Later(() => ConnectFirst());
                break;
        }
    }

    private SimulatedConsole ConnectSecond()
    {
        _second = Connect();
        var console = _second;
        console.OnAnswer = () => Later(() => Resume(console));
        console.OnLost = () => Later(() => ConnectSecond());
        return console;
    }

    /// <summary>Ends, again and again, whatever may have begun: the one session does not know how far the other is.</summary>
    private void Resume(SimulatedConsole console)
    {
        if (!console.IsOpen)
        {
            return;
        }

        Answered++;
        if (_left < 0 && _consoles.TrueForAll(other => other == console || other.IsGone))
        {
            // Nobody can begin anything any more.
            _simulation.WriteSettings(PoolerSimulation.DatabaseLines);
            _simulation.Tell(ActorNames.Configuration, ReloadSettings.Instance);
            SayLast(console, 0);
        }
        else if (Random(20) == 0)
        {
            console.Leave((Farewell)Random(3));
            Later(() => ConnectSecond());
        }
        else
        {
            console.Say(_ends[Random(_ends.Length)]);
        }
    }

    /// <summary>Takes everything back, each when what was said before it has been answered; who loses the connection meanwhile does it all again.</summary>
    private void SayLast(SimulatedConsole console, int index)
    {
        if (index == _ends.Length)
        {
            _hasSaidAll = true;
            console.Leave(Farewell.Terminate);
            return;
        }

        console.OnAnswer = () => SayLast(console, index + 1);
        console.Say(_ends[index]);
    }
}
