namespace Pooler.Actors.Cancel;

/// <summary>How far a cancel request toward a server has come. Shared by the pool and the connection that carries the request, which live on one loop.</summary>
internal sealed class CancelTicket(long id, CancelRequester requester)
{
    /// <summary>The number of the carrying socket.</summary>
    public long Id { get; } = id;

    /// <summary>Who asked.</summary>
    public CancelRequester Requester { get; } = requester;

    /// <summary>The key is on its way to the server: from now on it may strike whatever the server runs.</summary>
    public bool IsSent { get; set; }

    /// <summary>The server has been given back before the key was sent: it must not be sent any more.</summary>
    public bool IsAbandoned { get; set; }
}
