using System.Runtime.InteropServices;

namespace Pooler.Host.Process;

/// <summary>
/// The C library's calls that the process as a whole needs and .NET does not offer. Linux, 64 bit. The constants are those of x86-64
/// and arm64 alike.
/// </summary>
internal static unsafe partial class LibC
{
    internal const int WriteOnly = 0x1;
    internal const int ReadWrite = 0x2;
    internal const int Create = 0x40;
    internal const int Exclusive = 0x80;
    internal const int NoControllingTerminal = 0x100;
    internal const int Append = 0x400;
    internal const int CloseOnExec = 0x80000;

    internal const int NotPermitted = 1;
    internal const int NoEntry = 2;
    internal const int NoSuchProcess = 3;
    internal const int Interrupted = 4;
    internal const int TryAgain = 11;

    internal const int Hangup = 1;
    internal const int Interrupt = 2;
    internal const int Quit = 3;

    internal const int OpenFilesLimit = 7;

    internal const short PollIn = 1;

    private const string Library = "libc";

    // struct sigaction is 152 bytes and begins with the handler; SIG_IGN is 1, SIG_DFL 0.
    private const int SignalActionSize = 160;
    private const nint IgnoreSignal = 1;
    private const nint DefaultAction = 0;

    /// <summary>The GNU C library's version; null where the library is another one.</summary>
    internal static string? Version
    {
        get
        {
            try
            {
                return Marshal.PtrToStringUTF8(GnuVersion());
            }
            catch (EntryPointNotFoundException)
            {
                return null;
            }
        }
    }

    /// <summary>The text of the last failed call of this thread.</summary>
    internal static string LastErrorText() => Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());

    /// <summary>Writes everything, however often the system takes only a part; gives up at the first error.</summary>
    internal static bool WriteAll(int descriptor, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            nint written;
            fixed (byte* start = bytes)
            {
                written = Write(descriptor, start, (nuint)bytes.Length);
            }

            if (written < 0)
            {
                if (Marshal.GetLastPInvokeError() == Interrupted)
                {
                    continue;
                }

                return false;
            }

            bytes = bytes[(int)written..];
        }

        return true;
    }

    /// <summary>Gives a signal that is ignored its default action back; any other one stays as it is.</summary>
    internal static void EndIgnoring(int signal)
    {
        byte* current = stackalloc byte[SignalActionSize];
        if (GetSignalAction(signal, null, current) == 0 && *(nint*)current == IgnoreSignal)
        {
            SetSignalHandler(signal, DefaultAction);
        }
    }

    [LibraryImport(Library, EntryPoint = "sigaction")]
    private static partial int GetSignalAction(int signal, byte* action, byte* previous);

    [LibraryImport(Library, EntryPoint = "signal")]
    private static partial nint SetSignalHandler(int signal, nint handler);

    [LibraryImport(Library, EntryPoint = "gnu_get_libc_version")]
    private static partial nint GnuVersion();

    [LibraryImport(Library, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Open(string path, int flags, int mode);

    [LibraryImport(Library, EntryPoint = "close", SetLastError = true)]
    internal static partial int Close(int descriptor);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    internal static partial nint Read(int descriptor, byte* buffer, nuint count);

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    internal static partial nint Write(int descriptor, byte* buffer, nuint count);

    [LibraryImport(Library, EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Unlink(string path);

    [LibraryImport(Library, EntryPoint = "dup2", SetLastError = true)]
    internal static partial int Duplicate(int descriptor, int target);

    [LibraryImport(Library, EntryPoint = "pipe2", SetLastError = true)]
    internal static partial int Pipe(int* descriptors, int flags);

    [LibraryImport(Library, EntryPoint = "poll", SetLastError = true)]
    internal static partial int Poll(PollEntry* entries, nuint count, int timeoutMilliseconds);

    [LibraryImport(Library, EntryPoint = "kill", SetLastError = true)]
    internal static partial int Kill(int processId, int signal);

    [LibraryImport(Library, EntryPoint = "waitpid", SetLastError = true)]
    internal static partial int WaitFor(int processId, int* status, int options);

    [LibraryImport(Library, EntryPoint = "getuid")]
    internal static partial uint GetUserId();

    [LibraryImport(Library, EntryPoint = "geteuid")]
    internal static partial uint GetEffectiveUserId();

    [LibraryImport(Library, EntryPoint = "setuid", SetLastError = true)]
    internal static partial int SetUserId(uint userId);

    [LibraryImport(Library, EntryPoint = "setgid", SetLastError = true)]
    internal static partial int SetGroupId(uint groupId);

    [LibraryImport(Library, EntryPoint = "initgroups", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int InitializeGroups(string user, uint groupId);

    [LibraryImport(Library, EntryPoint = "getpwnam", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial UserEntry* GetUser(string name);

    [LibraryImport(Library, EntryPoint = "getrlimit", SetLastError = true)]
    internal static partial int GetLimit(int resource, Limit* limit);

    [LibraryImport(Library, EntryPoint = "setrlimit", SetLastError = true)]
    internal static partial int SetLimit(int resource, Limit* limit);

    [LibraryImport(Library, EntryPoint = "localtime_r")]
    internal static partial void* LocalTime(long* seconds, BrokenDownTime* result);

    [LibraryImport(Library, EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int StatusOf(int directory, string path, int flags, uint mask, byte* result);

    [LibraryImport(Library, EntryPoint = "openlog")]
    internal static partial void OpenLog(nint ident, int options, int facility);

    [LibraryImport(Library, EntryPoint = "syslog", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void WriteSyslog(int priority, string format);

    [LibraryImport(Library, EntryPoint = "closelog")]
    internal static partial void CloseLog();

    [LibraryImport(Library, EntryPoint = "socket", SetLastError = true)]
    internal static partial int Socket(int domain, int type, int protocol);

    [LibraryImport(Library, EntryPoint = "connect", SetLastError = true)]
    internal static partial int Connect(int socket, byte* address, uint length);

    [LibraryImport(Library, EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Spawn(int* processId, string path, byte* fileActions, byte* attributes, byte** arguments, byte** environment);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_init")]
    internal static partial int InitializeSpawnAttributes(byte* attributes);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setflags")]
    internal static partial int SetSpawnFlags(byte* attributes, short flags);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_destroy")]
    internal static partial int DestroySpawnAttributes(byte* attributes);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_init")]
    internal static partial int InitializeFileActions(byte* actions);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int AddOpen(byte* actions, int descriptor, string path, int flags, uint mode);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_adddup2")]
    internal static partial int AddDuplicate(byte* actions, int descriptor, int target);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_destroy")]
    internal static partial int DestroyFileActions(byte* actions);

    /// <summary>struct tm.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct BrokenDownTime
    {
        internal int Second;
        internal int Minute;
        internal int Hour;
        internal int Day;
        internal int Month;
        internal int Year;
        internal int DayOfWeek;
        internal int DayOfYear;
        internal int IsDaylightSaving;
        internal long OffsetFromUtc;
        internal byte* Zone;
    }

    /// <summary>struct passwd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct UserEntry
    {
        internal byte* Name;
        internal byte* Password;
        internal uint UserId;
        internal uint GroupId;
        internal byte* Comment;
        internal byte* HomeDirectory;
        internal byte* Shell;
    }

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct PollEntry
    {
        internal int Descriptor;
        internal short Events;
        internal short Returned;
    }

    /// <summary>struct rlimit.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Limit
    {
        internal ulong Soft;
        internal ulong Hard;
    }
}
