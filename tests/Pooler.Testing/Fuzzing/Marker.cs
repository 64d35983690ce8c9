using System.Globalization;

namespace Pooler.Testing.Fuzzing;

/// <summary>Words in the recordings that stand for who speaks: requests name their client, and answers the client that they are for.</summary>
internal static class Marker
{
    // The number stands there twice, so that one that was changed on the way is nobody's.
    private const int Digits = 8;
    private const int Once = 10_000;

    private static ReadOnlySpan<byte> Prefix => "marker-"u8;

    /// <summary>Puts this number into every marker, or 0 for nobody's.</summary>
    internal static byte[] Put(ReadOnlySpan<byte> bytes, int number)
    {
        var marked = bytes.ToArray();
        var digits = System.Text.Encoding.ASCII.GetBytes((number * (Once + 1)).ToString("D8", CultureInfo.InvariantCulture));
        for (var at = 0; Next(marked, ref at);)
        {
            digits.CopyTo(marked.AsSpan(at));
        }

        return marked;
    }

    /// <summary>The first number other than 0 and <paramref name="own"/>; 0: there is none.</summary>
    internal static int FindOther(ReadOnlySpan<byte> bytes, int own)
    {
        for (var at = 0; Next(bytes, ref at);)
        {
            if (int.TryParse(bytes.Slice(at, Digits), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number / Once == number % Once && number % Once is var named && named != 0 && named != own)
            {
                return named;
            }
        }

        return 0;
    }

    private static bool Next(ReadOnlySpan<byte> bytes, ref int at)
    {
        var found = bytes[at..].IndexOf(Prefix);
        at += found + Prefix.Length;
        return found >= 0 && at + Digits <= bytes.Length;
    }
}
