namespace Pooler.Actors.Admin.Query;

/// <summary>Why a query that is understood cannot run.</summary>
internal sealed record QueryError(string Text, string SqlState);
