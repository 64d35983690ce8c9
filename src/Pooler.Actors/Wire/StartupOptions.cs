namespace Pooler.Actors.Wire;

/// <summary>
/// The startup parameter options: a command line of which only <c>-c name=value</c>, <c>-cname=value</c> and <c>--name=value</c> are allowed. A
/// backslash takes the next character as it is; an item ends at the next white space, but only spaces may stand between items and none behind
/// the last one.
/// </summary>
internal static class StartupOptions
{
    /// <summary>
    /// Stores the tracked parameters of the list; false with the fatal text at the first item that is not allowed, and the log's line if that says more.
    /// </summary>
    public static bool TryApply(
        ReadOnlySpan<byte> options, ParameterValues values, IReadOnlyList<string> ignored, out string? error, out string? warning)
    {
        warning = null;
        var position = 0;
        var item = new byte[options.Length];
        while (position < options.Length)
        {
            position = SkipSpaces(options, position);
            var rest = options[position..];
            if (rest.StartsWith("-c"u8))
            {
                position = SkipSpaces(options, position + 2);
            }
            else if (rest.StartsWith("--"u8))
            {
                position += 2;
            }
            else
            {
                error = PoolerErrors.UnsupportedOptions;
                return false;
            }

            ReadOnlySpan<byte> assignment = item.AsSpan(0, ReadItem(options, ref position, item));
            var equals = assignment.IndexOf((byte)'=');
            if (equals < 0)
            {
                error = PoolerErrors.UnsupportedOptions;
                return false;
            }

            var name = assignment[..equals];
            if (!values.TrySet(name, assignment[(equals + 1)..]) &&
                !StartupParameters.ContainsExactly(ignored, name) &&
                !StartupParameters.ContainsExactly(ignored, "options"u8))
            {
                error = PoolerErrors.UnsupportedStartupParameterInOptions(WireText.Decode(name));
                warning = $"{error}={WireText.Decode(assignment[(equals + 1)..])}";
                return false;
            }
        }

        error = null;
        return true;
    }

    private static int ReadItem(ReadOnlySpan<byte> options, ref int position, Span<byte> item)
    {
        var length = 0;
        while (position < options.Length && options[position] is not ((byte)' ' or (>= (byte)'\t' and <= (byte)'\r')))
        {
            if (options[position] == (byte)'\\')
            {
                position++;
                if (position == options.Length)
                {
                    break;
                }
            }

            item[length++] = options[position++];
        }

        return length;
    }

    private static int SkipSpaces(ReadOnlySpan<byte> options, int position)
    {
        while (position < options.Length && options[position] == (byte)' ')
        {
            position++;
        }

        return position;
    }
}
