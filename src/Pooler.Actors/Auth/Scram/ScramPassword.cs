using System.Text;
using System.Text.Unicode;

namespace Pooler.Actors.Auth.Scram;

/// <summary>
/// Prepares a password for SCRAM in the manner of SASLprep (RFC 4013). ASCII stays as it is. In other valid UTF-8, spaces of any kind become the
/// ASCII space, characters that map to nothing are dropped and the rest is normalised to NFKC where the runtime has the tables for it (with
/// invariant globalisation it has not, and the text is taken as normalised already, which text from a keyboard nearly always is). Bytes that are
/// not UTF-8, and text of which nothing is left or that has control characters, are used as they are: such a password works with every side that
/// does the same.
/// </summary>
internal static class ScramPassword
{
    public static byte[] Prepare(ReadOnlySpan<byte> password)
    {
        if (Ascii.IsValid(password) || !Utf8.IsValid(password))
        {
            return password.ToArray();
        }

        var mapped = new StringBuilder(password.Length);
        foreach (var character in Encoding.UTF8.GetString(password))
        {
            if (char.IsControl(character))
            {
                return password.ToArray();
            }

            if (IsNonAsciiSpace(character))
            {
                mapped.Append(' ');
            }
            else if (!MapsToNothing(character))
            {
                mapped.Append(character);
            }
        }

        return mapped.Length == 0 ? password.ToArray() : Encoding.UTF8.GetBytes(mapped.ToString().Normalize(NormalizationForm.FormKC));
    }

    // RFC 3454, table C.1.2.
    private static bool IsNonAsciiSpace(char character) =>
        character is '\u00A0' or '\u1680' or (>= '\u2000' and <= '\u200B') or '\u202F' or '\u205F' or '\u3000';

    // RFC 3454, table B.1, without U+200B, which counts as a space.
    private static bool MapsToNothing(char character) =>
        character is '\u00AD' or '\u034F' or '\u1806' or (>= '\u180B' and <= '\u180D')
            or '\u200C' or '\u200D' or '\u2060' or (>= '\uFE00' and <= '\uFE0F') or '\uFEFF';
}
