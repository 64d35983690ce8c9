using System.Net.Sockets;

namespace Pooler.Actors.Dns;

/// <summary>Why a name has no address, in the C library's numbers (EAI_..., netdb.h): what log lines show.</summary>
internal static class ResolverResult
{
    public const int Success = 0;

    /// <summary>There is no such name.</summary>
    public const int NoName = -2;

    /// <summary>No name server has an answer now.</summary>
    public const int TryAgain = -3;

    /// <summary>A name server refuses to answer.</summary>
    public const int Fail = -4;

    /// <summary>The name exists and has no address.</summary>
    public const int NoData = -5;

    /// <summary>The resolver itself failed.</summary>
    public const int System = -11;

    /// <summary>The number of what the runtime reports as a socket error.</summary>
    public static int Of(SocketError error) => error switch
    {
        SocketError.HostNotFound => NoName,
        SocketError.TryAgain => TryAgain,
        SocketError.NoRecovery => Fail,
        SocketError.NoData => NoData,
        _ => (int)error,
    };
}
