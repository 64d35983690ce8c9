namespace Pooler.Actors.Clients;

/// <summary>Opens the listening sockets of the settings. Answered with <see cref="ListenersOpened"/> or <see cref="ListenersFailed"/>.</summary>
internal sealed class OpenListeners
{
    public static readonly OpenListeners Instance = new();
}

/// <summary>At least one address of each kind that the settings ask for is open.</summary>
internal sealed class ListenersOpened
{
    public static readonly ListenersOpened Instance = new();
}

/// <summary>Nobody could come in; <paramref name="FatalText"/> says why.</summary>
internal sealed record ListenersFailed(string FatalText);

/// <summary>Closes the TCP listeners; the unix socket stays, for the console.</summary>
internal sealed class CloseTcpListeners
{
    public static readonly CloseTcpListeners Instance = new();
}
