namespace Pooler.Actors.Relay.State;

/// <summary>A parameter that was SET for a session.</summary>
/// <param name="Name">Its name in lower case; null: not known.</param>
/// <param name="Statement">The statement that sets it again; null: none is known, and what value a server has for it neither.</param>
internal readonly record struct SessionSetting(string? Name, byte[]? Statement);
