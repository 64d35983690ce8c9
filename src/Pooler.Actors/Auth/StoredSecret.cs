using Pooler.Actors.Auth.Scram;

namespace Pooler.Actors.Auth;

/// <summary>
/// The secret of a user as auth_file, a connection string or a query gives it. The text tells what it is: "md5" and 32 lower-case hex digits, a
/// SCRAM verifier that can be read (see <see cref="ScramVerifier"/>), else the password itself. Immutable and safe for all threads.
/// </summary>
public sealed class StoredSecret
{
    /// <summary>No secret; nothing matches it.</summary>
    public static readonly StoredSecret None = new(StoredSecretKind.None, "", null);

    private const string Md5Prefix = "md5";
    private const int Md5Length = 35;

    private StoredSecret(StoredSecretKind kind, string text, ScramVerifier? verifier)
    {
        Kind = kind;
        Text = text;
        Verifier = verifier;
    }

    public StoredSecretKind Kind { get; }

    /// <summary>The secret as stored. Never goes to a log.</summary>
    internal string Text { get; }

    /// <summary>The verifier when the kind is <see cref="StoredSecretKind.Scram"/>.</summary>
    internal ScramVerifier? Verifier { get; }

    /// <summary>Takes the stored text; null and the empty text are no secret.</summary>
    public static StoredSecret Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return None;
        }

        if (IsMd5(text))
        {
            return new StoredSecret(StoredSecretKind.Md5, text, null);
        }

        return ScramVerifier.TryParse(text, out var verifier)
            ? new StoredSecret(StoredSecretKind.Scram, text, verifier)
            : new StoredSecret(StoredSecretKind.Plain, text, null);
    }

    /// <summary>The kind only: the secret stays out of logs and debuggers.</summary>
    public override string ToString() => Kind.ToString();

    private static bool IsMd5(string text) =>
        text.Length == Md5Length &&
        text.StartsWith(Md5Prefix, StringComparison.Ordinal) &&
        !text.AsSpan(Md5Prefix.Length).ContainsAnyExcept("0123456789abcdef");
}
