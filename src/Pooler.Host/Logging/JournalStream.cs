using System.Globalization;
using Pooler.Host.Process;

namespace Pooler.Host.Logging;

/// <summary>Tells whether stderr is read by the systemd journal (systemd.exec(5), JOURNAL_STREAM).</summary>
internal static unsafe class JournalStream
{
    private const int EmptyPath = 0x1000;
    private const uint InodeField = 0x100;
    private const int InodeOffset = 0x20;
    private const int MajorOffset = 0x88;
    private const int MinorOffset = 0x8C;
    private const int StatusSize = 0x100;

    /// <summary>True if <paramref name="variable"/>, the value of JOURNAL_STREAM, names the file behind <paramref name="descriptor"/>.</summary>
    public static bool IsJournal(string? variable, int descriptor)
    {
        if (variable is null)
        {
            return false;
        }

        int colon = variable.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0
            || !ulong.TryParse(variable.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out ulong device)
            || !ulong.TryParse(variable.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ulong inode))
        {
            return false;
        }

        byte* status = stackalloc byte[StatusSize];
        if (LibC.StatusOf(descriptor, "", EmptyPath, InodeField, status) != 0)
        {
            return false;
        }

        var fields = new ReadOnlySpan<byte>(status, StatusSize);
        ulong major = BitConverter.ToUInt32(fields[MajorOffset..]);
        ulong minor = BitConverter.ToUInt32(fields[MinorOffset..]);
        ulong found = ((major & 0xFFFFF000) << 32) | ((major & 0xFFF) << 8) | ((minor & 0xFFFFFF00) << 12) | (minor & 0xFF);
        return inode == BitConverter.ToUInt64(fields[InodeOffset..]) && device == found;
    }
}
