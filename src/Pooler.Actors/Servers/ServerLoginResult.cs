namespace Pooler.Actors.Servers;

/// <summary>What a step of a server's login came to.</summary>
/// <param name="Status">How it stands.</param>
/// <param name="Reason">The close reason when it failed.</param>
/// <param name="Text">The text for the clients that wait, when there is one.</param>
/// <param name="SqlState">Its SQLSTATE.</param>
internal readonly record struct ServerLoginResult(ServerLoginStatus Status, string? Reason = null, string? Text = null, string? SqlState = null);
