using System.Text;

namespace Pooler.Actors.Auth.Scram;

/// <summary>Reads the attributes of a SCRAM message (<c>x=value,y=value</c>, RFC 5802, section 7) one by one.</summary>
internal ref struct ScramAttributes(ReadOnlySpan<byte> message)
{
    /// <summary>The most characters of a nonce or a salt that is accepted from the other side.</summary>
    public const int MaxLength = 1024;

    private ReadOnlySpan<byte> _rest = message;
    private bool _more = true;

    /// <summary>Reads the next attribute when it has this name; else nothing is consumed.</summary>
    public bool TryRead(char name, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!_more || _rest.Length < 2 || _rest[0] != name || _rest[1] != (byte)'=')
        {
            return false;
        }

        value = Take()[2..];
        return true;
    }

    /// <summary>Skips extensions up to the end; false when one of them has not the form of an attribute.</summary>
    public bool TrySkipExtensions()
    {
        while (_more)
        {
            var attribute = Take();
            if (attribute.Length < 2 || !char.IsAsciiLetter((char)attribute[0]) || attribute[1] != (byte)'=')
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True for a nonce of the permitted length and characters: printable ASCII without a comma.</summary>
    public static bool IsNonce(ReadOnlySpan<byte> value) =>
        value.Length is > 0 and <= MaxLength && !value.ContainsAnyExceptInRange((byte)0x21, (byte)0x7E) && !value.Contains((byte)',');

    /// <summary>Decodes a base64 value of at most <see cref="MaxLength"/> characters.</summary>
    public static bool TryFromBase64(ReadOnlySpan<byte> value, out byte[] bytes)
    {
        bytes = [];
        return value.Length <= MaxLength && Ascii.IsValid(value) && ScramCrypto.TryFromBase64(Encoding.ASCII.GetString(value), out bytes);
    }

    private ReadOnlySpan<byte> Take()
    {
        var comma = _rest.IndexOf((byte)',');
        var taken = comma < 0 ? _rest : _rest[..comma];
        _more = comma >= 0;
        _rest = comma < 0 ? default : _rest[(comma + 1)..];
        return taken;
    }
}
