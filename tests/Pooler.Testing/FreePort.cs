using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Pooler.Testing;

/// <summary>Hands out TCP ports of the loopback address that nobody listens on, each at most once per test process.</summary>
public static class FreePort
{
    private static readonly ConcurrentDictionary<int, bool> Given = new();

    public static int Next()
    {
        // Ports outside the kernel's range for outgoing connections cannot be taken by one between now and the program's bind.
        for (int attempt = 0; attempt < 2000; attempt++)
        {
            int port = Random.Shared.Next(15000, 32000);
            if (IsFree(port) && Given.TryAdd(port, true))
            {
                return port;
            }
        }

        throw new InvalidOperationException("no free TCP port found between 15000 and 32000");
    }

    private static bool IsFree(int port)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
