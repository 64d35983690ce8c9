namespace Pooler.Actors.Wire;

/// <summary>Reads ParameterStatus (type S of a server): name and value of a parameter that the server reports.</summary>
public static class ParameterStatusMessage
{
    /// <summary>Reads the body behind the header; false when it is not exactly two C-strings.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        var reader = new MessageReader(body);
        value = default;
        return reader.TryReadCString(out name) && reader.TryReadCString(out value) && reader.AtEnd;
    }
}
