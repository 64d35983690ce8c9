namespace Pooler.Actors.Auth;

/// <summary>The words for <see cref="AuthMethod"/> in the configuration.</summary>
public static class AuthMethods
{
    /// <summary>Reads one of any, trust, plain, md5 and scram-sha-256, in any case.</summary>
    public static bool TryParse(string text, out AuthMethod method)
    {
        switch (text.ToLowerInvariant())
        {
            case "any":
                method = AuthMethod.Any;
                return true;
            case "trust":
                method = AuthMethod.Trust;
                return true;
            case "plain":
                method = AuthMethod.Plain;
                return true;
            case "md5":
                method = AuthMethod.Md5;
                return true;
            case "scram-sha-256":
                method = AuthMethod.ScramSha256;
                return true;
            default:
                method = default;
                return false;
        }
    }

    /// <summary>The word for the method.</summary>
    public static string ToText(AuthMethod method) => method switch
    {
        AuthMethod.Any => "any",
        AuthMethod.Trust => "trust",
        AuthMethod.Plain => "plain",
        AuthMethod.Md5 => "md5",
        AuthMethod.ScramSha256 => "scram-sha-256",
        _ => throw new ArgumentOutOfRangeException(nameof(method)),
    };
}
