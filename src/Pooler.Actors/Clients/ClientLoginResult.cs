namespace Pooler.Actors.Clients;

/// <summary>What a step of a client's login came to; <paramref name="Text"/> is the fatal error, or the close reason of a silent end.</summary>
internal readonly record struct ClientLoginResult(ClientLoginStatus Status, string? Text = null);
