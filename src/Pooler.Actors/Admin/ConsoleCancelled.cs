namespace Pooler.Actors.Admin;

/// <summary>A console session, as the sender, passes on that it was cancelled.</summary>
internal sealed record ConsoleCancelled
{
    public static ConsoleCancelled Instance { get; } = new();
}
