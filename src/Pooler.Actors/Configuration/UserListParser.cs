using System.Text;

namespace Pooler.Actors.Configuration;

/// <summary>Reads auth_file: one "user" "secret" per line, with "" for a quote; what follows in the line is ignored. Pure.</summary>
internal static class UserListParser
{
    private const string WhiteSpace = " \t\n\v\f\r";
    private const int MaxUserLength = 127;
    private const int MaxSecretLength = 65530;

    /// <summary>Adds the entries to <paramref name="secrets"/>, the last of several with one name counts; the first problem ends it and is returned.</summary>
    public static string? Parse(ReadOnlySpan<char> text, Dictionary<string, string> secrets)
    {
        while (true)
        {
            text = text.TrimStart(WhiteSpace);
            if (text.IsEmpty)
                return null;

            if (text[0] == ';')
            {
                SkipLine(ref text);
                continue;
            }

            if (text[0] != '"' || !Quoted.TryTake(ref text, '"', out string user))
                return "broken auth file";
            if (Encoding.UTF8.GetByteCount(user) > MaxUserLength)
                return "username too long in auth file";

            text = text.TrimStart(WhiteSpace);
            if (text.IsEmpty || text[0] != '"' || !Quoted.TryTake(ref text, '"', out string secret))
                return "broken auth file";
            if (Encoding.UTF8.GetByteCount(secret) > MaxSecretLength)
                return "password too long in auth file";

            secrets[user] = secret;
            SkipLine(ref text);
        }
    }

    private static void SkipLine(ref ReadOnlySpan<char> text)
    {
        int end = text.IndexOf('\n');
        text = end < 0 ? [] : text[(end + 1)..];
    }
}
