namespace Pooler.Actors.Wire;

/// <summary>The int32 behind the length of a startup-type message: protocol version (major in the upper half) or the kind of request.</summary>
public static class ProtocolCode
{
    public const int Version2 = 131072;
    public const int Version3 = 196608;
    public const int Version32 = 196610;
    public const int LastVersion3 = 262143;
    public const int CancelRequest = 80877102;
    public const int SslRequest = 80877103;
    public const int GssEncRequest = 80877104;
}
