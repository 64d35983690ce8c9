using Pooler.Actors.Admin.Query;

namespace Pooler.Actors.Admin;

/// <summary>A prepared statement that a session wants to be run, with the values of its parameters. Immutable once sent.</summary>
internal sealed record ConsoleRequest(ConsoleStatement Statement, IReadOnlyList<QueryValue> Parameters);
