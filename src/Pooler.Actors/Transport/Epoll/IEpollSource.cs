namespace Pooler.Actors.Transport.Epoll;

/// <summary>A descriptor's owner inside an epoll loop. Called on the loop's thread.</summary>
internal interface IEpollSource
{
    /// <summary>The descriptor is ready; <paramref name="events"/> are EPOLLIN, EPOLLOUT, EPOLLERR and EPOLLHUP.</summary>
    public void Ready(uint events);

    /// <summary>The loop ends: close the descriptor, tell nobody.</summary>
    public void Abandon();
}
