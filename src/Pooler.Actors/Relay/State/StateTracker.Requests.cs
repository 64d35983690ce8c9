using Pooler.Actors.Relay.Prepared;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Relay.State;

/// <content>The way of a text from the request that brings it to the one that runs it.</content>
internal sealed partial class StateTracker
{
    // Of what a client with more names than these runs, only the tags tell.
    private const int MostNames = 1000;

    private StatementScan? _unnamed;
    private StatementScan? _unnamedPortal;
    private Dictionary<string, StatementScan?>? _parsed;
    private Dictionary<string, StatementScan?>? _portals;

    /// <summary>
    /// Takes note of a request; the result belongs to its entry in the ledger. null: it does nothing of interest, or not now.
    /// </summary>
    /// <param name="message">The request as far as <see cref="RequestPolicy"/> wants it.</param>
    /// <param name="isWhole">Nothing of it is missing.</param>
    /// <param name="rewrites">Named statements are the pooler's own, and no state of the session.</param>
    /// <param name="statements">Those of the client.</param>
    public StatementScan? Take(ReadOnlySpan<byte> message, bool isWhole, bool rewrites, ClientStatements? statements)
    {
        if (link.Ledger.IsSkipping)
        {
            return null;
        }

        var scan = Read(message[0], new MessageReader(message[FrameHeader.Size..]), isWhole, rewrites, statements);
        if (scan is { NeedsRows: true })
        {
            link.Responses.Policy.WantsRows = true;
        }

        return scan;
    }

    private StatementScan? Read(byte type, MessageReader reader, bool isWhole, bool rewrites, ClientStatements? statements)
    {
        ReadOnlySpan<byte> name;
        ReadOnlySpan<byte> portal;
        switch (type)
        {
            case FrontendMessage.Query:
                return Scan(reader.Remaining, isWhole);
            case FrontendMessage.Parse when reader.TryReadCString(out name):
                if (name.IsEmpty)
                {
                    _unnamed = Scan(reader.Remaining, isWhole);
                }
                else if (!rewrites)
                {
                    return TakeNamedParse(WireText.Decode(name), Scan(reader.Remaining, isWhole));
                }

                return null;
            case FrontendMessage.Bind when reader.TryReadCString(out portal) && reader.TryReadCString(out name):
                var bound = name.IsEmpty ? FindUnnamed(rewrites ? statements : null) : rewrites ? statements?.Find(name)?.Statement.Scan : FindParsed(WireText.Decode(name));
                if (portal.IsEmpty)
                {
                    _unnamedPortal = bound;
                }
                else if (bound is not null || _portals is not null)
                {
                    Remember(_portals ??= [], WireText.Decode(portal), bound);
                }

                return null;
            case FrontendMessage.Execute when reader.TryReadCString(out portal):
                return portal.IsEmpty ? _unnamedPortal : _portals is null ? null : Find(_portals, WireText.Decode(portal));
            case FrontendMessage.Close when !rewrites && reader.TryReadByte(out var kind) && kind == 'S' && reader.TryReadCString(out name) && !name.IsEmpty:
                var closed = WireText.Decode(name);
                _parsed?.Remove(closed);
                return new StatementScan([new StateEffect(0, StateAction.Remove, StateKind.PreparedStatement, closed)], int.MaxValue);
            default:
                return null;
        }
    }

    /// <summary>Without the pooler's help such a statement is as much a part of its session as one of PREPARE.</summary>
    private StatementScan TakeNamedParse(string name, StatementScan? inner)
    {
        Remember(_parsed ??= [], name, inner);
        return new StatementScan([new StateEffect(0, StateAction.Add, StateKind.PreparedStatement, name, Inner: inner)], int.MaxValue);
    }

    /// <summary>What was parsed while the client had another server, or this one before, is kept with the client.</summary>
    private StatementScan? FindUnnamed(ClientStatements? statements) =>
        ReferenceEquals(_unnamed, StatementScan.Unread) && statements?.Unnamed is { } definition ? _unnamed = Scan(definition, isWhole: true) : _unnamed;

    private StatementScan? FindParsed(string name) => (_parsed is null ? null : Find(_parsed, name)) ?? FindPrepared(name);

    private static void Remember(Dictionary<string, StatementScan?> known, string name, StatementScan? scan)
    {
        if (known.Count < MostNames || known.ContainsKey(name))
        {
            known[name] = scan;
        }
    }

    private static StatementScan? Find(Dictionary<string, StatementScan?> known, string name) =>
        known.TryGetValue(name, out var scan) ? scan : known.Count >= MostNames ? StatementScan.Unread : null;

    private StatementScan? Scan(ReadOnlySpan<byte> text, bool isWhole)
    {
        var end = text.IndexOf((byte)0);
        return StatementScanner.Scan(end < 0 ? text : text[..end], isWhole || end >= 0, escapes: link.Parameters["standard_conforming_strings"] == "off");
    }
}
