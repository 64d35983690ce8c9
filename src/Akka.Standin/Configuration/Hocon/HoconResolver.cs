using System.Runtime.CompilerServices;

namespace Akka.Configuration.Hocon;

/// <summary>
/// Turns the nodes of a document into values. Entries resolve on demand, so a substitution may point forwards; one that points at the entry being
/// resolved sees what was assigned to it before. What the document does not define is looked for in the environment. One use, one thread.
/// </summary>
internal sealed class HoconResolver(HoconObjectNode root)
{
    internal HoconValue Resolve() => ResolveObject(root);

    private HoconValue ResolveObject(HoconObjectNode node)
    {
        var items = new Dictionary<string, HoconValue>(node.Entries.Count, StringComparer.Ordinal);
        foreach (var (key, entry) in node.Entries)
        {
            if (ResolveEntry(entry) is { } value)
            {
                items.Add(key, value);
            }
        }

        return new HoconValue(new HoconObject(items), node.Position);
    }

    private HoconValue? ResolveEntry(HoconEntry entry)
    {
        if (entry.IsResolved)
        {
            return entry.Resolved;
        }

        if (entry.Before is { } before)
        {
            return Fold(entry, before);
        }

        entry.Resolved = Fold(entry, entry.Assignments.Count);
        entry.IsResolved = true;
        return entry.Resolved;
    }

    /// <summary>The value after the first <paramref name="count"/> assignments.</summary>
    private HoconValue? Fold(HoconEntry entry, int count)
    {
        var outer = entry.Before;
        HoconValue? result = null;
        for (var i = 0; i < count; i++)
        {
            entry.Before = i;
            if (ResolveNode(entry.Assignments[i]) is { } value)
            {
                result = result is null ? value : HoconValue.Merge(value, result);
            }
        }

        entry.Before = outer;
        return result;
    }

    private HoconValue? ResolveNode(HoconNode node)
    {
        // Nesting is bounded by the reader, but substitutions can chain without bound.
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw node.Position.Error("Substitutions are nested too deeply");
        }

        return node switch
        {
            HoconValueNode value => value.Value,
            HoconObjectNode fields => ResolveObject(fields),
            HoconArrayNode array => ResolveArray(array),
            HoconSubstitutionNode substitution => ResolveSubstitution(substitution),
            HoconConcatenationNode concatenation => ResolveConcatenation(concatenation),
            _ => throw new InvalidOperationException($"Unknown node {node.GetType().Name}"),
        };
    }

    private HoconValue ResolveArray(HoconArrayNode array)
    {
        var items = new List<HoconValue>(array.Items.Count);
        foreach (var node in array.Items)
        {
            if (ResolveNode(node) is { } value)
            {
                items.Add(value);
            }
        }

        return new HoconValue(items.ToArray(), array.Position);
    }

    private HoconValue? ResolveSubstitution(HoconSubstitutionNode substitution)
    {
        var isCircle = substitution.IsBeingResolved;
        HoconValue? value = null;
        if (!isCircle)
        {
            substitution.IsBeingResolved = true;
            value = Find(root, substitution.Elements);
            substitution.IsBeingResolved = false;
        }

        value ??= Environment.GetEnvironmentVariable(string.Join('.', substitution.Elements)) is { } text
            ? new HoconValue(text, substitution.Position)
            : null;
        return value is null && !substitution.IsOptional
            ? throw substitution.Position.Error(isCircle
                ? $"The substitution ${{{substitution.Path}}} leads back to itself"
                : $"The substitution ${{{substitution.Path}}} is defined neither before or elsewhere in the text nor in the environment")
            : value;
    }

    private HoconValue? Find(HoconObjectNode node, ReadOnlySpan<string> path)
    {
        if (!node.Entries.TryGetValue(path[0], out var entry))
        {
            return null;
        }

        if (entry.IsResolved || path.Length == 1)
        {
            return Descend(ResolveEntry(entry), path[1..]);
        }

        HoconValue? result = null;
        for (var i = entry.Assignments.Count - 1; i >= 0; i--)
        {
            if (!FindBehind(entry.Assignments[i], path[1..], ref result))
            {
                break;
            }
        }

        return result;
    }

    /// <summary>
    /// Looks below one assignment without resolving all of it, so that fields of one object may refer to each other.
    /// False when nothing that was assigned earlier can count any more.
    /// </summary>
    private bool FindBehind(HoconNode node, ReadOnlySpan<string> path, ref HoconValue? result)
    {
        switch (node)
        {
            case HoconObjectNode fields:
                return Add(Find(fields, path), ref result);
            case HoconConcatenationNode concatenation:
                for (var i = concatenation.Parts.Count - 1; i >= 0; i--)
                {
                    if (concatenation.Parts[i] is not HoconValueNode { IsSpace: true } && !FindBehind(concatenation.Parts[i], path, ref result))
                    {
                        return false;
                    }
                }

                return true;
            case HoconSubstitutionNode substitution:
                var value = ResolveSubstitution(substitution);
                return value is null or { Content: HoconObject } && Add(Descend(value, path), ref result);
            default:
                return false;
        }
    }

    /// <summary>Puts an earlier finding behind the later one; false when it can no longer matter.</summary>
    private static bool Add(HoconValue? found, ref HoconValue? result)
    {
        if (found is not null)
        {
            result = result is null ? found : HoconValue.Merge(result, found);
        }

        return result is null or { Content: HoconObject };
    }

    private static HoconValue? Descend(HoconValue? value, ReadOnlySpan<string> path)
    {
        foreach (var key in path)
        {
            value = value?.GetChildObject(key);
        }

        return value;
    }

    private HoconValue? ResolveConcatenation(HoconConcatenationNode concatenation)
    {
        HoconValue? result = null;
        var space = "";
        foreach (var part in concatenation.Parts)
        {
            if (part is HoconValueNode { IsSpace: true } between)
            {
                space += between.Value.GetString();
            }
            else if (ResolveNode(part) is { } value)
            {
                result = result is null ? value : Concatenate(result, space, value);
                space = "";
            }
        }

        return result;
    }

    private static HoconValue Concatenate(HoconValue first, string space, HoconValue second) => (first.Content, second.Content) switch
    {
        (HoconObject, HoconObject) => HoconValue.Merge(second, first),
        (HoconValue[] head, HoconValue[] tail) => new HoconValue((HoconValue[])[.. head, .. tail], first.Position),
        (string or null, string or null) =>
            new HoconValue($"{first.Content ?? "null"}{space}{second.Content ?? "null"}", first.Position),
        _ => throw second.Position.Error("Texts, lists and objects cannot be written next to each other"),
    };
}
