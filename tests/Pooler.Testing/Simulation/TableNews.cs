using Pooler.Actors.Transport.Simulation;

namespace Pooler.Testing.Simulation;

/// <summary>
/// What the pooler has read of what servers say of statements' columns, as far as that can be told from outside. In doubt it has not read it, or something else behind it.
/// </summary>
internal sealed class TableNews
{
    private readonly List<Item> _all = [];
    private readonly List<Item> _unread = [];
    private readonly Dictionary<string, TableColumns?> _latest = [];
    private readonly HashSet<string> _readNow = [];

    /// <summary>How much has been said so far.</summary>
    internal int Count => _all.Count;

    /// <summary>A server has described the result of this text; the bytes of that are the last that it has sent so far.</summary>
    internal void Add(SimulatedPeer server, string text, TableColumns columns, bool isPortal)
    {
        Update();
        var item = new Item(server, server.Sent, text, columns, isPortal);
        _all.Add(item);
        _unread.Add(item);
    }

    /// <summary>True if the pooler knows by now that the text's columns are not those any more, and nothing that it has not read yet says that they are.</summary>
    internal bool IsKnownToDiffer(string text, TableColumns told)
    {
        Update();
        return _latest.TryGetValue(text, out var latest) && latest is not null && !latest.IsReadAs(told)
            && !_unread.Exists(item => item.Text == text && item.Columns.IsReadAs(told));
    }

    /// <summary>True if some server has said these columns of the text, since so much had been said.</summary>
    internal bool IsSaid(int since, string text, TableColumns told) =>
        _all.FindIndex(since, item => item.Text == text && item.Columns.IsReadAs(told)) >= 0;

    private void Update()
    {
        _readNow.Clear();
        foreach (var item in _unread)
        {
            if (!item.IsRead && !item.Server.IsOtherEndClosed && item.Server.IsOpen)
            {
                continue;
            }

            // Of several at once the order is not known, nor whether one has been read whose connection is gone, or that of a portal.
            var isSure = item is { IsRead: true, IsPortal: false } && _readNow.Add(item.Text);
            if (isSure)
            {
                _latest[item.Text] = item.Columns;
            }
            else if (_latest.TryGetValue(item.Text, out var latest) && latest?.IsReadAs(item.Columns) == false)
            {
                _latest[item.Text] = null;
            }
        }

        _unread.RemoveAll(item => item.IsRead || item.Server.IsOtherEndClosed || !item.Server.IsOpen);
    }

    private sealed record Item(SimulatedPeer Server, long End, string Text, TableColumns Columns, bool IsPortal)
    {
        internal bool IsRead => Server.Sent - Server.Unread >= End;
    }
}
