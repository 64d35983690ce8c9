namespace Pooler.Actors.Transport.Simulation;

/// <summary>Who can be connected to: the product's listeners and a test's scripted servers.</summary>
public sealed partial class SimulatedNetwork
{
    private const string Refused = "Connection refused";

    private readonly Dictionary<string, ISimulatedEndpoint> _endpoints = new(StringComparer.Ordinal);
    private int _lastPort = 40_000;

    /// <summary>
    /// Adds a scripted server. <paramref name="accepted"/> gets every connection made to <paramref name="target"/> and gives it its handlers. An
    /// earlier one at the same address is replaced.
    /// </summary>
    public void AddServer(ConnectTarget target, Action<SimulatedPeer> accepted) =>
        _endpoints[KeyOf(target)] = new ScriptedEndpoint(this, accepted);

    /// <summary>From now on connects to this address are refused.</summary>
    public void RemoveServer(ConnectTarget target) => _endpoints.Remove(KeyOf(target));

    /// <summary>From now on connects to this address get no answer at all.</summary>
    public void Blackhole(ConnectTarget target) => _endpoints[KeyOf(target)] = new BlackholeEndpoint();

    /// <summary>Connects a scripted client; what it sends before the connection stands is sent then.</summary>
    public SimulatedPeer ConnectPeer(ConnectTarget target)
    {
        var (client, server) = SimulatedEnd.Pair(this);
        var address = PickClientAddress(target);
        var peer = new SimulatedPeer(client, RemoteOf(target), address, isConnected: false);
        PlanConnect(target, server, address, peer.ConnectEnded);
        return peer;
    }

    internal static PeerAddress RemoteOf(ConnectTarget target) => target switch
    {
        ConnectTarget.Unix unix => new PeerAddress(AddressKind.Unix, "unix", unix.Port),
        ConnectTarget.Tcp tcp => Epoll.SocketAddressCodec.Tcp(tcp.Address, tcp.Port),
        _ => throw new ArgumentException("Unknown kind of target.", nameof(target)),
    };

    /// <summary>After a while offers the server's end to whoever listens then, and tells the outcome: null or the error's text.</summary>
    internal void PlanConnect(ConnectTarget target, SimulatedEnd server, PeerAddress client, Action<string?> outcome) => Plan(
        PickDelay(),
        () =>
        {
            if (!_endpoints.TryGetValue(KeyOf(target), out var endpoint))
            {
                outcome(target is ConnectTarget.Unix unix && !unix.Path.StartsWith('@') ? "No such file or directory" : Refused);
            }
            else if (endpoint.Answers)
            {
                endpoint.Offer(server, client, RemoteOf(target));
                outcome(null);
            }
        });

    /// <summary>Gives a TCP target without a port one of its own.</summary>
    internal ListenTarget WithPort(ListenTarget target) => target is ListenTarget.Tcp { Port: 0 } tcp ? tcp with { Port = _lastPort++ } : target;

    /// <summary>False when somebody listens there; a unix socket's file is replaced, as the real listener does.</summary>
    internal bool TryAddListener(ListenTarget target, ISimulatedEndpoint endpoint)
    {
        var key = KeyOf(target);
        if (target is ListenTarget.Tcp && _endpoints.ContainsKey(key))
        {
            return false;
        }

        _endpoints[key] = endpoint;
        return true;
    }

    internal void RemoveListener(ListenTarget target, ISimulatedEndpoint endpoint)
    {
        var key = KeyOf(target);
        if (_endpoints.TryGetValue(key, out var present) && ReferenceEquals(present, endpoint))
        {
            _endpoints.Remove(key);
        }
    }

    private static string KeyOf(ConnectTarget target) => target switch
    {
        ConnectTarget.Unix unix => unix.Path,
        ConnectTarget.Tcp tcp => $"{tcp.Address} {tcp.Port}",
        _ => throw new ArgumentException("Unknown kind of target.", nameof(target)),
    };

    private static string KeyOf(ListenTarget target) => target switch
    {
        ListenTarget.Unix unix => unix.Path,
        ListenTarget.Tcp tcp => $"{tcp.Address} {tcp.Port}",
        _ => throw new ArgumentException("Unknown kind of target.", nameof(target)),
    };
}
