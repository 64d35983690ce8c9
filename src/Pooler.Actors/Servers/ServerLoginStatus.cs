namespace Pooler.Actors.Servers;

/// <summary>How a server's login stands.</summary>
internal enum ServerLoginStatus
{
    Pending,
    Ready,
    Failed,
}
