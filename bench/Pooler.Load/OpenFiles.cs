using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Pooler.Load;

/// <summary>The process's own limit of open descriptors.</summary>
internal static partial class OpenFiles
{
    /// <summary>Descriptors beside those of the clients.</summary>
    public const int Spare = 100;

    private const int OpenFilesLimit = 7;

    /// <summary>Raises the limit as far as it is needed.</summary>
    public static unsafe bool TryRaise(int needed, [NotNullWhen(false)] out string? error)
    {
        // struct rlimit: soft, hard.
        ulong* limit = stackalloc ulong[2];
        error = null;
        if (GetLimit(OpenFilesLimit, limit) != 0 || limit[0] >= (ulong)needed)
        {
            return true;
        }

        // Only root may raise the hard one; the attempt costs nothing.
        limit[0] = (ulong)needed;
        limit[1] = Math.Max(limit[1], (ulong)needed);
        error = SetLimit(OpenFilesLimit, limit) == 0 ? null : $"{needed} open files are needed: ulimit -n {needed}";
        return error is null;
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static unsafe partial int GetLimit(int resource, ulong* limit);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static unsafe partial int SetLimit(int resource, ulong* limit);
}
