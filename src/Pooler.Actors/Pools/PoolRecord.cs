using Pooler.Actors.Auth.Scram;
using Pooler.Actors.Configuration;
using Pooler.Actors.Stats;

namespace Pooler.Actors.Pools;

/// <summary>
/// What of a pool outlives a restart of its actor: its counters, its settings and who has joined. The pool's alone, on its loop's thread; its clients, on the same thread, may read it.
/// </summary>
internal sealed class PoolRecord(PoolKey key, DatabaseSettings database)
{
    private PoolerSettings? _trackingSettings;
    private StateTracking _tracking;

    public PoolKey Key { get; } = key;

    /// <summary>The database as the settings in force describe it.</summary>
    public DatabaseSettings Database
    {
        get => database;
        set
        {
            database = value;
            _trackingSettings = null;
        }
    }

    public PoolStatistics Statistics { get; } = new();

    /// <summary>Clients that have joined and not left.</summary>
    public HashSet<Acquire> Clients { get; } = [];

    /// <summary>What a client's SCRAM login gave for logging in to the server; never used for a forced user.</summary>
    public ScramKeys? Keys { get; set; }

    /// <summary>The pool takes nobody in any more, and its actor is about to stop.</summary>
    public bool IsEnded { get; set; }

    /// <summary>What the registry knows of a pool of an automatic database: it has a client or a server.</summary>
    public bool IsActive { get; set; } = true;

    /// <summary>Paused by name or with everything else.</summary>
    public bool IsPaused { get; set; }

    /// <summary>New logins are refused.</summary>
    public bool IsDisabled { get; set; }

    /// <summary>Clients that keep their servers beyond their transactions.</summary>
    public int Pinned { get; set; }

    /// <summary>The most of them there have been at one time.</summary>
    public int MaxPinned { get; private set; }

    /// <summary>The tickets of those who wait until no server is in use.</summary>
    public List<long> PauseTickets { get; } = [];

    /// <summary>The tickets of those who wait until no server has to be replaced.</summary>
    public List<long> ReplacementTickets { get; } = [];

    /// <summary>What these settings say of session_state_tracking; asked for with every loan, and looked up once.</summary>
    public StateTracking Tracking(PoolerSettings settings)
    {
        if (!ReferenceEquals(settings, _trackingSettings))
        {
            _trackingSettings = settings;
            _tracking = settings.SessionStateTracking(database, Key.User);
        }

        return _tracking;
    }

    /// <summary>One more client keeps its server.</summary>
    public void AddPin() => MaxPinned = Math.Max(MaxPinned, ++Pinned);
}
