using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Pooler.Host.Process;

/// <summary>Questions about the pooler's own unix socket that are asked before it listens there.</summary>
internal static unsafe class UnixSocket
{
    private const int UnixDomain = 1;
    private const int Stream = 1;
    private const int NonBlocking = 0x800;
    private const int PathLength = 108;
    private const int FamilyLength = 2;

    /// <summary>The socket's path, or '@' and its name; null if there is none.</summary>
    public static string? PathOf(string directory, int port) =>
        directory.Length == 0 ? null : directory + "/.s.PGSQL." + port.ToString(CultureInfo.InvariantCulture);

    /// <summary>True if some process accepts connections there.</summary>
    public static bool IsInUse(string path)
    {
        byte[] name = Encoding.UTF8.GetBytes(path);
        bool isAbstract = path[0] == '@';
        if (name.Length >= PathLength)
        {
            return false;
        }

        byte* address = stackalloc byte[FamilyLength + PathLength];
        new Span<byte>(address, FamilyLength + PathLength).Clear();
        address[0] = UnixDomain;
        name.CopyTo(new Span<byte>(address + FamilyLength, PathLength));
        if (isAbstract)
        {
            address[FamilyLength] = 0;
        }

        int socket = LibC.Socket(UnixDomain, Stream | NonBlocking | LibC.CloseOnExec, 0);
        if (socket < 0)
        {
            return false;
        }

        int length = FamilyLength + name.Length + (isAbstract ? 0 : 1);

        // A full backlog refuses at once, but only where somebody listens.
        bool isInUse = LibC.Connect(socket, address, (uint)length) == 0 || Marshal.GetLastPInvokeError() == LibC.TryAgain;
        _ = LibC.Close(socket);
        return isInUse;
    }

    /// <summary>True if a PostgreSQL server has locked the socket's path.</summary>
    public static bool IsLocked(string path) => path[0] != '@' && File.Exists(path + ".lock");
}
