namespace Pooler.Actors.Relay;

/// <summary>What the settings in force allow a client to send: max_packet_size (bytes), disable_pqexec and max_prepared_statements.</summary>
internal readonly record struct RequestLimits(uint MaxPacketSize, bool SimpleQueryDisallowed, int MaxPreparedStatements);
