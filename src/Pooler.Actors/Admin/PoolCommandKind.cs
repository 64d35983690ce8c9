namespace Pooler.Actors.Admin;

/// <summary>What <see cref="CommandPools"/> asks of the pools.</summary>
public enum PoolCommandKind
{
    /// <summary>Every server is replaced as soon as it is free. Done at once.</summary>
    Reconnect,
}
