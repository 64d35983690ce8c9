namespace Pooler.Actors.Auth;

/// <summary>What one step of a login came to.</summary>
public enum AuthenticationOutcome
{
    /// <summary>The written message goes out and the other side's answer is awaited.</summary>
    Continue,
    Succeeded,
    Failed,
}
