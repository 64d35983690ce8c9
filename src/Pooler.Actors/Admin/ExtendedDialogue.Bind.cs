using System.Collections.Immutable;
using Pooler.Actors.Admin.Query;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Admin;

/// <content>Bind: values for the parameters, in text or binary, and the formats of the result.</content>
internal sealed partial class ExtendedDialogue
{
    private const short BinaryCode = 1;

    private DialogueStep? Bind(MessageReader reader)
    {
        if (!TryReadName(ref reader, out string portal) || !TryReadName(ref reader, out string name)
            || !TryReadFormats(ref reader, out short[] formats) || !reader.TryReadInt16(out short count) || count < 0)
        {
            return Malformed();
        }

        if (!_statements.TryGetValue(name, out ConsoleStatement? statement))
            return RefuseStatement(name);

        ImmutableArray<int> types = statement.ParameterTypes;
        if (count != types.Length)
            return Refuse(PoolerErrors.WrongParameterCount(count, name, types.Length), SqlStates.ProtocolViolation);
        if (FindBadFormats(formats, count) is { } badParameters)
            return badParameters;

        var values = new QueryValue[count];
        for (int i = 0; i < count; i++)
        {
            if (!reader.TryReadInt32(out int length))
                return Malformed();
            if (length == -1)
                continue;
            if (!reader.TryReadBytes(length, out ReadOnlySpan<byte> bytes))
                return Malformed();
            if (ReadValue(bytes, types[i], FormatOf(formats, i), i + 1, out values[i]) is { } refusal)
                return refusal;
        }

        if (!TryReadFormats(ref reader, out short[] resultFormats))
            return Malformed();
        if (FindBadFormats(resultFormats, statement.Columns?.Length ?? 0) is { } badResults)
            return badResults;

        if (portal.Length == 0)
            DropPortal("");
        else if (_portals.ContainsKey(portal))
            return Refuse(PoolerErrors.PortalExists(portal), SqlStates.DuplicatePortal);

        // The bytes of the whole message are at least those of the values in it.
        var bound = new ConsolePortal(statement, values, resultFormats, 2 * reader.Position);
        if (!HasRoomFor(bound.Size))
            return Refuse(PoolerErrors.TooMuchPrepared, SqlStates.ProgramLimitExceeded);

        _portals.Add(portal, bound);
        _size += bound.Size;
        output.WriteBindComplete();
        return null;
    }

    private DialogueStep? ReadValue(ReadOnlySpan<byte> bytes, int type, short format, int number, out QueryValue value)
    {
        if (format == BinaryCode)
        {
            return BinaryFormat.TryRead(bytes, type, out value)
                ? null
                : Refuse(PoolerErrors.IncorrectBinaryFormat(number), SqlStates.InvalidBinaryRepresentation);
        }

        string text = WireText.Decode(bytes);
        return QueryTypes.TryRead(text, type, out value)
            ? null
            : Refuse(PoolerErrors.InvalidValue(QueryTypes.NameOf(type), text), SqlStates.InvalidTextRepresentation);
    }

    private static short FormatOf(short[] formats, int index) => formats.Length switch
    {
        0 => 0,
        1 => formats[0],
        _ => formats[index],
    };

    private DialogueStep? FindBadFormats(short[] formats, int count)
    {
        if (formats.Length > 1 && formats.Length != count)
            return Refuse(PoolerErrors.WrongFormatCount(formats.Length, count), SqlStates.ProtocolViolation);

        int bad = Array.FindIndex(formats, static format => format is not (0 or BinaryCode));
        return bad < 0 ? null : Refuse(PoolerErrors.UnsupportedFormatCode(formats[bad]), SqlStates.InvalidParameterValue);
    }

    private static bool TryReadFormats(ref MessageReader reader, out short[] formats)
    {
        formats = [];
        if (!reader.TryReadInt16(out short count) || count < 0)
            return false;

        formats = count == 0 ? [] : new short[count];
        for (int i = 0; i < count; i++)
        {
            if (!reader.TryReadInt16(out formats[i]))
                return false;
        }

        return true;
    }
}
