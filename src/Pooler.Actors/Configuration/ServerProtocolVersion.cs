using Pooler.Actors.Wire;

namespace Pooler.Actors.Configuration;

/// <summary>Setting server_protocol_version: what servers are asked for. The values are those of the startup packet.</summary>
public enum ServerProtocolVersion
{
    V30 = ProtocolCode.Version3,
    V32 = ProtocolCode.Version32,
}
