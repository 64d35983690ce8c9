using Akka.Actor;
using Pooler.Actors.Dns;
using Pooler.Actors.Relay;

namespace Pooler.Actors.Servers;

// The public face of a server connection: what its pool tells it and hears from it. Id is the number of the socket.

/// <summary>
/// The server is logged in and waits; <paramref name="Parameters"/> is what it reported, in its order. <paramref name="Host"/>: the name and its address that it was
/// found by, null when its host is no name.
/// </summary>
internal sealed record ServerLoggedIn(long Id, ServerLink Link, IReadOnlyList<KeyValuePair<string, string>> Parameters, HostResolved? Host)
    : INoSerializationVerificationNeeded;

/// <summary>
/// The server could not be reached or refused the login, and is gone. <paramref name="Text"/> and <paramref name="SqlState"/> are the server's own answer for the clients
/// that wait, null when there is none to pass on; <paramref name="Reason"/> is remembered as the cached error. <paramref name="IsReached"/>: it was the login that failed.
/// </summary>
internal sealed record ServerLoginFailed(long Id, string Reason, string? Text, string? SqlState, bool IsReached) : INoSerializationVerificationNeeded;

/// <summary>The query that <see cref="RunOwnQuery"/> asked for is through.</summary>
internal sealed record OwnQueryDone(long Id) : INoSerializationVerificationNeeded;

/// <summary>Something came from the server while nobody holds it.</summary>
internal sealed record ServerSpoke(long Id) : INoSerializationVerificationNeeded;

/// <summary>The server is gone by itself while its own actor had it.</summary>
internal sealed record ServerLost(long Id) : INoSerializationVerificationNeeded;

/// <summary>Runs server_reset_query or server_check_query; answered by <see cref="OwnQueryDone"/> or <see cref="ServerLost"/>.</summary>
internal sealed record RunOwnQuery(string Text, bool IsReset) : INoSerializationVerificationNeeded;

/// <summary>
/// The server said something while nobody holds it: takes note of notifications and parameters, and closes for anything else. Answered as <see cref="RunOwnQuery"/>.
/// </summary>
internal sealed class LookAtServer : INoSerializationVerificationNeeded
{
    public static readonly LookAtServer Instance = new();
}

/// <summary>Closes the server and ends its actor.</summary>
internal sealed record CloseServer(string Reason) : INoSerializationVerificationNeeded;
