namespace Pooler.Load;

/// <summary>What a login by SCRAM has to remember between its two messages.</summary>
internal sealed record ScramExchange(string FirstBare);
