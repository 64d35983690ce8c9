using System.Text;

namespace Akka.Actor;

/// <summary>The place of an actor in the tree. The uid tells incarnations apart that bear one name after another; equality leaves it out.</summary>
public abstract class ActorPath : IEquatable<ActorPath>, IComparable<ActorPath>
{
    public const string ValidSymbols = "\"-_.*$+:@&=,!~';()";

    private readonly ActorPath? _parent;

    protected ActorPath(Address address, string name)
    {
        ArgumentNullException.ThrowIfNull(address);
        Name = name;
    }

    protected ActorPath(ActorPath parentPath, string name, long uid)
    {
        _parent = parentPath;
        Name = name;
        Uid = uid;
    }

    public string Name { get; }

    public long Uid { get; }

    public ActorPath Parent => _parent ?? this;

    public ActorPath Root
    {
        get
        {
            ActorPath path = this;
            while (path._parent is { } parent)
            {
                path = parent;
            }

            return path;
        }
    }

    public Address Address => Root.RootAddress!;

    public int Depth
    {
        get
        {
            int depth = 0;
            for (ActorPath path = this; path._parent is { } parent; path = parent)
            {
                depth++;
            }

            return depth;
        }
    }

    public IReadOnlyList<string> Elements
    {
        get
        {
            string[] elements = new string[Depth];
            int i = elements.Length;
            for (ActorPath path = this; path._parent is { } parent; path = parent)
            {
                elements[--i] = path.Name;
            }

            return elements;
        }
    }

    /// <summary>Only the root has an address of its own, so that all others are spared the field.</summary>
    private protected virtual Address? RootAddress => null;

    public static ActorPath operator /(ActorPath path, string name) => new ChildActorPath(path, name, 0);

    public static ActorPath operator /(ActorPath path, IEnumerable<string> name)
    {
        foreach (string element in name)
        {
            path /= element;
        }

        return path;
    }

    public static bool operator ==(ActorPath? left, ActorPath? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(ActorPath? left, ActorPath? right) => !(left == right);

    /// <summary>Letters, digits, <see cref="ValidSymbols"/> and percent escapes; no dollar sign at the start.</summary>
    public static bool IsValidPathElement(string s)
    {
        if (string.IsNullOrEmpty(s) || s[0] == '$')
        {
            return false;
        }

        for (int i = 0; i < s.Length; i++)
        {
            char c = s[i];
            if (char.IsAsciiLetterOrDigit(c) || ValidSymbols.Contains(c, StringComparison.Ordinal))
            {
                continue;
            }

            if (c != '%' || i + 2 >= s.Length || !char.IsAsciiHexDigit(s[i + 1]) || !char.IsAsciiHexDigit(s[i + 2]))
            {
                return false;
            }

            i += 2;
        }

        return true;
    }

    public static ActorPath Parse(string path) =>
        TryParse(path, out ActorPath parsed) ? parsed : throw new UriFormatException($"Can not parse an ActorPath: {path}");

    public static bool TryParse(string path, out ActorPath actorPath)
    {
        actorPath = null!;
        if (!Address.TryParse(path, out Address address, out string rest))
        {
            return false;
        }

        int hash = rest.IndexOf('#', StringComparison.Ordinal);
        long uid = 0;
        if (hash >= 0)
        {
            if (!long.TryParse(rest.AsSpan(hash + 1), out uid))
            {
                return false;
            }

            rest = rest[..hash];
        }

        actorPath = new RootActorPath(address) / rest.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (hash >= 0)
        {
            actorPath = actorPath.WithUid(uid);
        }

        return true;
    }

    public static bool TryParseAddress(string path, out Address address) => Address.TryParse(path, out address);

    public static string FormatPathElements(IEnumerable<string> pathElements) => "/" + string.Join('/', pathElements);

    public ActorPath Child(string childName) => this / childName;

    public ActorPath WithUid(long uid) => _parent is null || uid == Uid ? this : new ChildActorPath(_parent, Name, uid);

    /// <summary>The ancestor at that depth, counted from the root; negative numbers count from here upwards.</summary>
    public ActorPath ParentOf(int depth)
    {
        int steps = depth >= 0 ? Depth - depth : -depth;
        ActorPath path = this;
        for (; steps > 0; steps--)
        {
            path = path.Parent;
        }

        return path;
    }

    public bool Equals(ActorPath? other)
    {
        ActorPath? left = this;
        ActorPath? right = other;
        while (!ReferenceEquals(left, right))
        {
            if (left is null || right is null || left.Name != right.Name || (left._parent is null) != (right._parent is null))
            {
                return false;
            }

            if (left._parent is null)
            {
                return left.RootAddress!.Equals(right.RootAddress);
            }

            left = left._parent;
            right = right._parent;
        }

        return true;
    }

    public override bool Equals(object? obj) => obj is ActorPath other && Equals(other);

    public override int GetHashCode()
    {
        HashCode hash = default;
        for (ActorPath? path = this; path is not null; path = path._parent)
        {
            hash.Add(path.Name, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }

    public int CompareTo(ActorPath? other) => string.CompareOrdinal(ToString(), other?.ToString());

    public override string ToString() => $"{Address}{ToStringWithoutAddress()}";

    public string ToStringWithoutAddress()
    {
        StringBuilder text = new();
        Append(text);
        return text.Length == 0 ? "/" : text.ToString();
    }

    public string ToStringWithAddress() => ToString();

    public string ToStringWithAddress(Address address) => $"{(Address.HasGlobalScope ? Address : address)}{ToStringWithoutAddress()}";

    public string ToStringWithUid() => Uid == 0 ? ToString() : $"{ToString()}#{Uid}";

    public string ToSerializationFormat() => ToStringWithUid();

    private void Append(StringBuilder text)
    {
        if (_parent is not null)
        {
            _parent.Append(text);
            text.Append('/').Append(Name);
        }
    }
}
