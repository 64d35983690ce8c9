namespace Pooler.Actors.Wire;

/// <summary>
/// The fields of an ErrorResponse or NoticeResponse that the pooler looks at. Each one may be missing: a server is free to leave out any field,
/// so users go through <see cref="SqlStateOrDefault"/> and <see cref="MessageOrDefault"/>.
/// </summary>
public sealed record ServerError(string? Severity, string? SqlState, string? Message, string? Detail, string? Hint)
{
    /// <summary>The SQLSTATE, 08P01 where the server sent none.</summary>
    public string SqlStateOrDefault => SqlState ?? SqlStates.ProtocolViolation;

    /// <summary>The message, empty where the server sent none.</summary>
    public string MessageOrDefault => Message ?? "";

    /// <summary>The severity, ERROR where the server sent none.</summary>
    public string SeverityOrDefault => Severity ?? Severities.Error;

    /// <summary>True for an ErrorResponse behind which the server ends.</summary>
    public static bool IsFatal(ReadOnlySpan<byte> message)
    {
        TryRead(message[FrameHeader.Size..], out var error);
        return error.SeverityOrDefault != Severities.Error;
    }

    /// <summary>
    /// Reads the body behind the header. A body that ends early gives what was read so far and false; the fields are usable all the same.
    /// Severity is the one that is never translated (field V) where the server sends it.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out ServerError error)
    {
        string? severity = null;
        string? plainSeverity = null;
        string? sqlState = null;
        string? message = null;
        string? detail = null;
        string? hint = null;
        var complete = false;
        var reader = new MessageReader(body);
        while (reader.TryReadByte(out var field))
        {
            if (field == 0)
            {
                complete = true;
                break;
            }

            if (!reader.TryReadCString(out var value))
            {
                break;
            }

            switch (field)
            {
                case (byte)'S':
                    severity = WireText.Decode(value);
                    break;
                case (byte)'V':
                    plainSeverity = WireText.Decode(value);
                    break;
                case (byte)'C':
                    sqlState = WireText.Decode(value);
                    break;
                case (byte)'M':
                    message = WireText.Decode(value);
                    break;
                case (byte)'D':
                    detail = WireText.Decode(value);
                    break;
                case (byte)'H':
                    hint = WireText.Decode(value);
                    break;
                default:
                    break;
            }
        }

        error = new ServerError(plainSeverity ?? severity, sqlState, message, detail, hint);
        return complete;
    }
}
