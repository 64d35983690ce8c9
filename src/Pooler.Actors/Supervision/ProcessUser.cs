using System.Runtime.InteropServices;

namespace Pooler.Actors.Supervision;

/// <summary>The operating system's user as whom this process runs.</summary>
internal static partial class ProcessUser
{
    /// <summary>Its effective user id; read anew, since a process may change its user while it starts.</summary>
    public static int Id => (int)GetEffectiveUserId();

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUserId();
}
