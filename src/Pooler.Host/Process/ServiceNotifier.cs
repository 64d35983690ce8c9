using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Pooler.Host.Process;

/// <summary>
/// Tells the service manager about the state of the process (sd_notify(3)): one datagram per message to the socket that it names in
/// NOTIFY_SOCKET. Without one, nothing happens. Any thread may call it.
/// </summary>
internal sealed class ServiceNotifier
{
    private readonly string? _address;

    /// <param name="address">The value of NOTIFY_SOCKET.</param>
    public ServiceNotifier(string? address)
    {
        _address = string.IsNullOrEmpty(address) || (address[0] != '/' && address[0] != '@') ? null : address;
    }

    /// <summary>True if the service manager has opened sockets for this process (sd_listen_fds(3)).</summary>
    public static bool HasPassedSockets(Func<string, string?> environment, int processId) =>
        int.TryParse(environment("LISTEN_PID"), NumberStyles.None, CultureInfo.InvariantCulture, out int listener)
        && listener == processId
        && int.TryParse(environment("LISTEN_FDS"), NumberStyles.None, CultureInfo.InvariantCulture, out int count)
        && count > 0;

    /// <summary>The service is up, or has finished reloading.</summary>
    public void Ready() => Send("READY=1");

    /// <summary>A reload begins. The service manager wants the monotonic time in microseconds with it.</summary>
    public void Reloading()
    {
        long microseconds = (long)(Stopwatch.GetTimestamp() * (1_000_000.0 / Stopwatch.Frequency));
        Send("RELOADING=1\nMONOTONIC_USEC=" + microseconds.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>What the service is doing, for people to read; one line.</summary>
    public void Status(string text) => Send("STATUS=" + text);

    /// <summary>The service goes down.</summary>
    public void Stopping() => Send("STOPPING=1");

    private void Send(string message)
    {
        if (_address is null)
        {
            return;
        }

        try
        {
            string path = _address[0] == '@' ? "\0" + _address[1..] : _address;
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo(Encoding.UTF8.GetBytes(message), new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException)
        {
            // The service manager is away; it does not matter to the clients.
        }
    }
}
