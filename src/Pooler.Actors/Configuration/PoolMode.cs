namespace Pooler.Actors.Configuration;

/// <summary>When a server connection goes back to its pool (setting pool_mode).</summary>
public enum PoolMode
{
    Session,
    Transaction,
    Statement,
}
