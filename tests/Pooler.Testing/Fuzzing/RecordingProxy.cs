using System.Net;
using System.Net.Sockets;

namespace Pooler.Testing.Fuzzing;

/// <summary>Stands between clients and a server on loopback, passes everything on and keeps it, a conversation per connection.</summary>
internal sealed class RecordingProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _target;
    private readonly List<List<CapturedTurn>> _conversations = [];
    private readonly List<Task> _relays = [];

    /// <param name="target">The server's port.</param>
    internal RecordingProxy(int target)
    {
        _target = target;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync();
    }

    /// <summary>Where clients connect to.</summary>
    internal int Port { get; }

    /// <summary>Waits until all connections have ended, and gives their conversations in the order in which they began.</summary>
    internal async Task<IReadOnlyList<IReadOnlyList<CapturedTurn>>> FinishAsync()
    {
        await Task.WhenAll(_relays);
        return _conversations;
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync();
                List<CapturedTurn> turns = [];
                _conversations.Add(turns);
                _relays.Add(RelayAsync(client, turns));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task RelayAsync(Socket client, List<CapturedTurn> turns)
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var own = client;
        client.NoDelay = true;
        await server.ConnectAsync(IPAddress.Loopback, _target);
        await Task.WhenAll(PassAsync(client, server, isClient: true, turns), PassAsync(server, client, isClient: false, turns));
    }

    private static async Task PassAsync(Socket from, Socket to, bool isClient, List<CapturedTurn> turns)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            int count;
            while ((count = await from.ReceiveAsync(buffer)) > 0)
            {
                Keep(turns, isClient, buffer.AsSpan(0, count));
                await to.SendAsync(buffer.AsMemory(0, count));
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            to.Close();
        }
    }

    private static void Keep(List<CapturedTurn> turns, bool isClient, ReadOnlySpan<byte> bytes)
    {
        lock (turns)
        {
            if (turns.Count > 0 && turns[^1].IsClient == isClient)
            {
                turns[^1] = new CapturedTurn(isClient, [.. turns[^1].Bytes, .. bytes]);
            }
            else
            {
                turns.Add(new CapturedTurn(isClient, bytes.ToArray()));
            }
        }
    }
}
