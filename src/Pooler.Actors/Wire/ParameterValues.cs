namespace Pooler.Actors.Wire;

/// <summary>
/// The values that one connection has for the <see cref="TrackedParameters"/>; null is "not known" for a server and "never set" for a client.
/// Not thread-safe: it belongs to its connection. A server's copy follows its ParameterStatus messages. A client's copy starts with what the
/// client asked for, is filled up from the welcome, and follows the servers that the client is linked to.
/// </summary>
public sealed class ParameterValues
{
    private string?[] _values;
    private bool _isShared;

    public ParameterValues(TrackedParameters tracked)
    {
        Tracked = tracked;
        _values = new string?[tracked.Count];
    }

    private ParameterValues(TrackedParameters tracked, string?[] values)
    {
        Tracked = tracked;
        _values = values;
    }

    public TrackedParameters Tracked { get; }

    /// <summary>The value at the index of the name.</summary>
    public string? this[int index]
    {
        get => _values[index];
        set
        {
            if (!ReferenceEquals(_values[index], value))
            {
                Own();
                _values[index] = value;
            }
        }
    }

    /// <summary>The value of a tracked name in any case, null when it has none or is not tracked.</summary>
    public string? this[string name] => Tracked.IndexOf(name) is >= 0 and var index ? _values[index] : null;

    /// <summary>A copy with its own values.</summary>
    public ParameterValues Clone() => new(Tracked, (string?[])_values.Clone());

    /// <summary>Stores the value when the name is tracked; false when it is not.</summary>
    public bool TrySet(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var index = Tracked.IndexOf(name);
        if (index < 0)
        {
            return false;
        }

        this[index] = Tracked.Share(value);
        return true;
    }

    /// <summary>Takes the other's value for every parameter that has none here: a client takes the welcome's.</summary>
    public void FillUnset(ParameterValues other)
    {
        for (var i = 0; i < _values.Length; i++)
        {
            this[i] ??= other._values[i];
        }
    }

    /// <summary>Puts the values into one place with those of other connections that have the same; for one that will hardly change them.</summary>
    public void Share()
    {
        _values = Tracked.Share(_values);
        _isShared = true;
    }

    /// <summary>
    /// Called on a client's values after its SETs succeeded: takes over the server's spelling of every value, so that one that the server writes
    /// in another way ("ISO" as "ISO, MDY") is not SET again at each hand-over. Parameters that the client never had stay unset.
    /// </summary>
    public void CopyCanonical(ParameterValues server)
    {
        for (var i = 0; i < _values.Length; i++)
        {
            if (_values[i] is not null && server._values[i] is { } value)
            {
                this[i] = value;
            }
        }

        Share();
    }

    /// <summary>True when a hand-over of this server to this client needs no SET.</summary>
    public bool Matches(ParameterValues server)
    {
        for (var i = 0; i < _values.Length; i++)
        {
            if (Differs(server, i))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Writes a Query with a SET for each parameter that both sides have and that differs (in more than case, where case means nothing), and says how many Queries there are. A
    /// parameter that the server never reported is not SET: it may not exist there.
    /// </summary>
    /// <remarks>
    /// A server reads a whole Query in the encoding that is in force before it. Values that are more than ASCII are in the client's encoding, so that this one comes
    /// first where it differs, in a Query of its own.
    /// </remarks>
    /// <param name="writer">Takes the Query messages.</param>
    /// <param name="server">The values of the server that is handed over.</param>
    public int WriteDifferences(MessageWriter writer, ParameterValues server)
    {
        if (Matches(server))
        {
            return 0;
        }

        var encoding = Tracked.ClientEncodingIndex;
        if (!Differs(server, encoding) || !IsAnyDifferenceBeyondAscii(server))
        {
            WriteDifferences(writer, server, 0, _values.Length, -1);
            return 1;
        }

        WriteDifferences(writer, server, encoding, encoding + 1, -1);
        WriteDifferences(writer, server, 0, _values.Length, encoding);
        return 2;
    }

    /// <summary>What <see cref="WriteDifferences(MessageWriter, ParameterValues)"/> has the server do, for the log; empty when nothing differs.</summary>
    public string DescribeDifferences(ParameterValues server)
    {
        using var writer = new MessageWriter();
        AppendDifferences(writer, server, 0, _values.Length, -1);
        return WireText.Decode(writer.Written);
    }

    /// <summary>Writes a ParameterStatus for every value, in the order of the names.</summary>
    public void WriteParameterStatuses(MessageWriter writer)
    {
        for (var i = 0; i < _values.Length; i++)
        {
            if (_values[i] is { } value)
            {
                writer.WriteParameterStatus(Tracked.Names[i], value);
            }
        }
    }

    /// <summary>True when both have their values in one place.</summary>
    internal bool SharesAllWith(ParameterValues other) => ReferenceEquals(_values, other._values);

    private void Own()
    {
        if (_isShared)
        {
            _values = (string?[])_values.Clone();
            _isShared = false;
        }
    }

    private void WriteDifferences(MessageWriter writer, ParameterValues server, int from, int to, int except)
    {
        writer.BeginMessage(FrontendMessage.Query);
        AppendDifferences(writer, server, from, to, except);
        writer.AppendByte(0);
        writer.EndMessage();
    }

    private bool IsAnyDifferenceBeyondAscii(ParameterValues server)
    {
        for (var i = 0; i < _values.Length; i++)
        {
            if (Differs(server, i) && !System.Text.Ascii.IsValid(_values[i]))
            {
                return true;
            }
        }

        return false;
    }

    private void AppendDifferences(MessageWriter writer, ParameterValues server, int from, int to, int except)
    {
        for (var i = from; i < to; i++)
        {
            if (i == except || !Differs(server, i))
            {
                continue;
            }

            writer.AppendBytes("SET "u8);
            writer.AppendText(Tracked.Names[i]);
            writer.AppendByte((byte)'=');
            if (i == Tracked.SearchPathIndex)
            {
                SettingLiteral.AppendList(writer, _values[i]!);
            }
            else
            {
                SettingLiteral.Append(writer, _values[i]!);
            }

            writer.AppendByte((byte)';');
        }
    }

    private bool Differs(ParameterValues server, int index) =>
        _values[index] is { } mine && server._values[index] is { } theirs && !ReferenceEquals(mine, theirs)
        && !(Tracked.CaseMatters(index) ? mine == theirs : EqualsIgnoreAsciiCase(mine, theirs));

    private static bool EqualsIgnoreAsciiCase(string left, string right)
    {
        if (left.Length != right.Length)
        {
            return false;
        }

        for (var i = 0; i < left.Length; i++)
        {
            if (left[i] != right[i] && (!char.IsAsciiLetter(left[i]) || !char.IsAsciiLetter(right[i]) || (left[i] | 0x20) != (right[i] | 0x20)))
            {
                return false;
            }
        }

        return true;
    }
}
