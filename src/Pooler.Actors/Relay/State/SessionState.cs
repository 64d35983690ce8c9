using Pooler.Actors.Configuration;

namespace Pooler.Actors.Relay.State;

/// <summary>
/// What one client has left in its session beyond the end of a transaction: what of it is in the server that it holds, and the settings that follow it to others. Made
/// with the first of it. On the loop's thread.
/// </summary>
internal sealed class SessionState
{
    private const int MostPrepared = 1000;

    private NameBag _listens;
    private NameBag _temporaries;
    private NameBag _cursors;
    private Dictionary<string, StatementScan?>? _prepared;
    private bool _hasOtherPrepared;
    private bool _hasOtherLocks;
    private int _locks;
    private bool _hasLibrary;
    private int _warned;

    public SessionSettings Settings { get; } = new();

    /// <summary>Since when the client keeps its server, microseconds of the loop; 0: it does not.</summary>
    public long PinnedSince { get; set; }

    /// <summary>A library cannot be unloaded: a server with one is nobody else's.</summary>
    public bool HasLibrary => _hasLibrary;

    /// <summary>The server has to be kept.</summary>
    public bool NeedsServer(StateTracking mode) => mode switch
    {
        StateTracking.Pin => HasServerState || Settings.Count > 0 || Settings.HasUnreplayable,
        StateTracking.Replay => HasServerState || Settings.HasUnreplayable,
        _ => false,
    };

    /// <summary>Takes an effect in that has come about.</summary>
    public void Apply(StateEffect effect)
    {
        switch (effect.Action)
        {
            case StateAction.Add:
                AddState(effect);
                break;
            case StateAction.Remove:
                Remove(effect.Kind, effect.Name!);
                break;
            case StateAction.RemoveAll:
                RemoveAll(effect.Kind);
                break;
            case StateAction.ResetAll:
                Settings.ClearResettable();
                break;
            default:
                break;
        }
    }

    /// <summary>One advisory lock more (1) or less (-1).</summary>
    public void CountLock(int change) => _locks = Math.Max(0, _locks + change);

    /// <summary>What a statement of PREPARE does; null: nothing, or there is none of this name.</summary>
    public StatementScan? FindPrepared(string name) => _prepared?.GetValueOrDefault(name);

    /// <summary>True the first time for each kind.</summary>
    public bool TryWarn(StateKind kind)
    {
        var before = _warned;
        _warned |= 1 << (int)kind;
        return before != _warned;
    }

    /// <summary>The client has no server any more: what was in that is gone, and with <paramref name="all"/> the settings too.</summary>
    public void LeaveServer(bool all)
    {
        for (var kind = StateKind.Listen; kind <= StateKind.PreparedStatement; kind++)
        {
            RemoveAll(kind);
        }

        _hasLibrary = false;
        PinnedSince = 0;
        if (all)
        {
            Settings.Clear();
        }
        else
        {
            Settings.DropUnreplayable();
        }
    }

    /// <summary>Why the server is kept, for people.</summary>
    public string Describe(StateTracking mode)
    {
        var reasons = new List<string>();
        Add(reasons, !_listens.IsEmpty, _listens.Describe("LISTEN"));
        Add(reasons, mode == StateTracking.Replay ? Settings.HasUnreplayable : Settings.Count > 0, Settings.Describe(mode == StateTracking.Replay));
        Add(reasons, _locks > 0 || _hasOtherLocks, _locks > 1 && !_hasOtherLocks ? $"{_locks} advisory locks" : "advisory lock");
        Add(reasons, !_temporaries.IsEmpty, _temporaries.Describe("temporary"));
        Add(reasons, !_cursors.IsEmpty, _cursors.Describe("cursor WITH HOLD"));
        var prepared = default(NameBag);
        foreach (var name in _prepared?.Keys.Take(4) ?? [])
        {
            prepared.Add(name);
        }

        Add(reasons, _prepared is { Count: > 0 } || _hasOtherPrepared, prepared.Describe("PREPARE"));
        Add(reasons, _hasLibrary, "LOAD");
        return string.Join("; ", reasons);
    }

    /// <summary>The words for one kind of state, with a name if there is one.</summary>
    public static string Describe(StateKind kind, string? name)
    {
        var word = kind switch
        {
            StateKind.Setting => "SET",
            StateKind.Listen => "LISTEN",
            StateKind.AdvisoryLock => "advisory lock",
            StateKind.TemporaryObject => "temporary",
            StateKind.HeldCursor => "cursor WITH HOLD",
            StateKind.PreparedStatement => "PREPARE",
            _ => "LOAD",
        };
        return name is null ? word : $"{word} {name}";
    }

    private bool HasServerState =>
        !_listens.IsEmpty || !_temporaries.IsEmpty || !_cursors.IsEmpty || _locks > 0 || _hasOtherLocks || _hasLibrary || _hasOtherPrepared || _prepared is { Count: > 0 };

    private static void Add(List<string> reasons, bool isThere, string text)
    {
        if (isThere)
        {
            reasons.Add(text);
        }
    }

    private void AddState(StateEffect effect)
    {
        switch (effect.Kind)
        {
            case StateKind.Setting:
                Settings.Set(effect.Name, effect.Replay);
                break;
            case StateKind.Listen:
                _listens.Add(effect.Name);
                break;
            case StateKind.TemporaryObject:
                _temporaries.Add(effect.Name);
                break;
            case StateKind.HeldCursor:
                _cursors.Add(effect.Name);
                break;
            case StateKind.AdvisoryLock:
                _hasOtherLocks = true;
                break;
            case StateKind.Library:
                _hasLibrary = true;
                break;
            default:
                if (effect.Name is null || _prepared is { Count: >= MostPrepared })
                {
                    _hasOtherPrepared = true;
                }
                else
                {
                    (_prepared ??= [])[effect.Name] = effect.Inner;
                }

                break;
        }
    }

    private void Remove(StateKind kind, string name)
    {
        switch (kind)
        {
            case StateKind.Setting:
                Settings.Remove(name);
                break;
            case StateKind.Listen:
                _listens.Remove(name);
                break;
            case StateKind.TemporaryObject:
                _temporaries.Remove(name);
                break;
            case StateKind.HeldCursor:
                _cursors.Remove(name);
                break;
            default:
                _prepared?.Remove(name);
                break;
        }
    }

    private void RemoveAll(StateKind kind)
    {
        switch (kind)
        {
            case StateKind.Setting:
                Settings.Clear();
                break;
            case StateKind.Listen:
                _listens.Clear();
                break;
            case StateKind.TemporaryObject:
                _temporaries.Clear();
                break;
            case StateKind.HeldCursor:
                _cursors.Clear();
                break;
            case StateKind.AdvisoryLock:
                _locks = 0;
                _hasOtherLocks = false;
                break;
            default:
                _prepared = null;
                _hasOtherPrepared = false;
                break;
        }
    }
}
