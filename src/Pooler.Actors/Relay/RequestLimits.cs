namespace Pooler.Actors.Relay;

/// <summary>What the settings in force allow a client to send: max_packet_size (bytes) and disable_pqexec.</summary>
internal readonly record struct RequestLimits(uint MaxPacketSize, bool SimpleQueryDisallowed);
