namespace Pooler.Actors.Auth;

/// <summary>The outcome of one step of a login and, when it failed, the text. For a client it is the fatal error that the client gets.</summary>
public readonly record struct AuthenticationResult(AuthenticationOutcome Outcome, string? Error)
{
    public static AuthenticationResult Continue => new(AuthenticationOutcome.Continue, null);

    public static AuthenticationResult Succeeded => new(AuthenticationOutcome.Succeeded, null);

    public static AuthenticationResult Failed(string error) => new(AuthenticationOutcome.Failed, error);
}
