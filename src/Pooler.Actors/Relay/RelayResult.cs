namespace Pooler.Actors.Relay;

/// <summary>How relaying a batch of bytes ended; <paramref name="Text"/> is the reason of an end, as the client and the log get it.</summary>
internal readonly record struct RelayResult(RelayStatus Status, string? Text = null)
{
    public static readonly RelayResult Open = new(RelayStatus.Open);
}
