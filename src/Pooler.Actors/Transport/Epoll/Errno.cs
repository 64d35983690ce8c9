using System.Runtime.InteropServices;

namespace Pooler.Actors.Transport.Epoll;

/// <summary>The error numbers that the transport tells apart, and the system's text for all of them.</summary>
internal static class Errno
{
    internal const int Interrupted = 4;
    internal const int WouldBlock = 11;
    internal const int NoMemory = 12;
    internal const int FileTableFull = 23;
    internal const int TooManyDescriptors = 24;
    internal const int NameTooLong = 36;
    internal const int ProtocolError = 71;
    internal const int NoProtocolOption = 92;
    internal const int OperationNotSupported = 95;
    internal const int NetworkDown = 100;
    internal const int NetworkUnreachable = 101;
    internal const int ConnectionAborted = 103;
    internal const int NoBufferSpace = 105;
    internal const int HostDown = 112;
    internal const int HostUnreachable = 113;
    internal const int InProgress = 115;
    internal const int NotPermitted = 1;

    /// <summary>errno of this thread's last system call.</summary>
    internal static int Last => Marshal.GetLastPInvokeError();

    /// <summary>errno of this thread's last epoll_wait, recv or send; to be read before anything else is called.</summary>
    internal static int OfHotCall => Marshal.GetLastSystemError();

    /// <summary>strerror's text, like "Connection refused".</summary>
    internal static string Text(int errno) => Marshal.GetPInvokeErrorMessage(errno);

    /// <summary>strerror's text of this thread's last system call.</summary>
    internal static string LastText() => Text(Last);
}
