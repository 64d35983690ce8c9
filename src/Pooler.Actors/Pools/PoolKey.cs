namespace Pooler.Actors.Pools;

/// <summary>What a pool is for: an entry of [databases] and the user as whom its servers are logged in.</summary>
public readonly record struct PoolKey(string Database, string User)
{
    /// <summary>A hash that is the same in every run, so that a pool's home loop can be foretold.</summary>
    public int GetStableHashCode()
    {
        // FNV-1a over both names, with a separator that neither can hold.
        var hash = 2166136261u;
        foreach (var character in Database)
        {
            hash = (hash ^ character) * 16777619u;
        }

        hash = (hash ^ '\0') * 16777619u;
        foreach (var character in User)
        {
            hash = (hash ^ character) * 16777619u;
        }

        // The low bits choose the loop: let the high ones take part.
        return (int)(hash ^ (hash >> 15));
    }
}
