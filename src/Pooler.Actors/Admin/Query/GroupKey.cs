using System.Collections.Immutable;

namespace Pooler.Actors.Admin.Query;

/// <summary>The values by which a row belongs to a group; NULL is equal to NULL here.</summary>
internal readonly struct GroupKey(ImmutableArray<string?> values) : IEquatable<GroupKey>
{
    private readonly ImmutableArray<string?> _values = values;

    public bool Equals(GroupKey other) => _values.AsSpan().SequenceEqual(other._values.AsSpan());

    public override bool Equals(object? obj) => obj is GroupKey other && Equals(other);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (string? value in _values)
            hash.Add(value, StringComparer.Ordinal);

        return hash.ToHashCode();
    }
}
