using System.Net;
using System.Security.Cryptography;
using System.Text;
using Pooler.Actors.Transport;
using Pooler.Actors.Transport.Simulation;

namespace Pooler.Actors.Tests.Transport.Simulation;

public sealed class SimulatedNetworkTests
{
    private static readonly ConnectTarget Address = new ConnectTarget.Tcp(IPAddress.Loopback, 6432);
    private static readonly ListenTarget Listening = new ListenTarget.Tcp(IPAddress.Loopback, 6432, false, false);

    [Fact]
    public void Every_client_gets_its_own_bytes_back_in_order_whatever_the_seed()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            using var network = new SimulatedNetwork(seed, loops: 2);
            Listen(network, RecordingAcceptor.Echo(network.Loops[0]));
            var payloads = new List<byte[]>();
            var answers = new List<MemoryStream>();
            for (var i = 0; i < 10; i++)
            {
                var payload = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat($"client {i};", 1 + network.Random(3000))));
                var answer = new MemoryStream();
                var peer = network.ConnectPeer(Address);
                peer.OnData = (_, bytes) => answer.Write(bytes);
                peer.Send(payload);
                payloads.Add(payload);
                answers.Add(answer);
            }

            Assert.True(network.Run(() => answers.Zip(payloads).All(pair => pair.First.Length >= pair.Second.Length)), $"seed {seed}");
            Assert.All(answers.Zip(payloads), pair => Assert.Equal(pair.Second, pair.First.ToArray()));
            Assert.Empty(network.Failures);
            Assert.Equal(0, network.Loops[0].Buffers.Rented);
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_run_and_another_seed_another()
    {
        Assert.Equal(Trace(7), Trace(7));
        Assert.NotEqual(Trace(7), Trace(8));
    }

    [Fact]
    public void Bytes_arrive_in_splits_of_many_sizes_single_ones_among_them()
    {
        using var network = new SimulatedNetwork(3);
        var sizes = new List<int>();
        Listen(network, new RecordingAcceptor(_ => network.Loops[0], _ => new SizeOwner(sizes)));
        var peer = network.ConnectPeer(Address);
        for (var i = 0; i < 200; i++)
        {
            network.After(TimeSpan.FromMilliseconds(i * 10), () => peer.Send(new byte[100]));
        }

        Assert.True(network.Run(() => sizes.Sum() == 20_000));
        Assert.Contains(1, sizes);
        Assert.Contains(100, sizes);
        Assert.True(sizes.Distinct().Count() > 20);
    }

    [Fact]
    public void A_full_buffer_leaves_bytes_unsent_and_drained_follows_once()
    {
        using var network = new SimulatedNetwork(1);
        var payload = RandomNumberGenerator.GetBytes(100_000);
        var received = new MemoryStream();
        network.AddServer(Address, peer =>
        {
            peer.OnData = (_, bytes) => received.Write(bytes);
            peer.PauseReading();
            network.After(TimeSpan.FromSeconds(1), peer.ResumeReading);
        });
        var owner = new RecordingOwner();
        var unsentAtFirst = 0;
        owner.OnConnected = opened =>
        {
            opened.Send(payload);
            unsentAtFirst = opened.Unsent;
        };
        var connection = network.Loops[0].Connect(Address, new SocketOptions(), owner);

        Assert.True(network.Run(() => received.Length == payload.Length));
        Assert.InRange(unsentAtFirst, 1, payload.Length);
        Assert.Equal(0, connection.Unsent);
        Assert.Equal(payload, received.ToArray());
        Assert.Equal([ConnectionSignal.Connected, ConnectionSignal.Drained], owner.Signals);
        Assert.True(network.Now > 2_000_000);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_peer_that_leaves_while_reading_is_paused_is_told_of_once(bool before)
    {
        using var network = new SimulatedNetwork(1);
        SimulatedPeer? server = null;
        network.AddServer(Address, peer => server = peer);
        var owner = new RecordingOwner(reads: false);
        var connection = network.Loops[0].Connect(Address, new SocketOptions(), owner);
        owner.OnConnected = opened => opened.PauseReading();
        Assert.True(network.Run(() => server is not null && !owner.Signals.IsEmpty));
        server!.Send("x"u8);
        if (before)
        {
            network.RunFor(TimeSpan.FromSeconds(1));
        }

        server.Close();
        network.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal([ConnectionSignal.Connected, ConnectionSignal.PeerLeft], owner.Signals);
        connection.ResumeReading();
        owner.ReadAll(connection);
        Assert.Equal(1, owner.ReceivedCount);
        Assert.Equal(ReceiveStatus.EndOfStream, owner.Ended);
    }

    [Fact]
    public void Resets_reach_both_sides_as_values()
    {
        using var network = new SimulatedNetwork(1);
        SimulatedPeer? server = null;
        network.AddServer(Address, peer => server = peer);
        var owner = new RecordingOwner();
        var connection = network.Loops[0].Connect(Address, new SocketOptions(), owner);
        Assert.True(network.Run(() => server is not null && !owner.Signals.IsEmpty));
        server!.Reset();
        Assert.True(network.Run(() => owner.Ended is not null));
        Assert.Equal(ReceiveStatus.Failed, owner.Ended);
        Assert.Equal("Connection reset by peer", owner.Error);
        connection.Send("gone"u8);
        Assert.Equal(0, connection.Unsent);
        connection.Close();

        // The other way round: closing with something unread is a reset for the peer.
        var wasReset = false;
        network.AddServer(Address, peer =>
        {
            peer.OnReset = _ => wasReset = true;
            peer.Send("unread"u8);
        });
        var second = new RecordingOwner(reads: false);
        var deaf = network.Loops[0].Connect(Address, new SocketOptions(), second);
        Assert.True(network.Run(() => second.Signals.Contains(ConnectionSignal.Readable)));
        deaf.Close();
        Assert.True(network.Run(() => wasReset));
    }

    [Fact]
    public void Random_resets_happen_and_every_one_is_told_to_an_open_end()
    {
        using var network = new SimulatedNetwork(5, 1, new SimulationOptions { ResetProbability = 0.2 });
        Listen(network, RecordingAcceptor.Echo(network.Loops[0]));
        var resets = 0;
        for (var i = 0; i < 50; i++)
        {
            var peer = network.ConnectPeer(Address);
            peer.OnReset = _ => resets++;
            peer.Send(new byte[1000]);
        }

        network.RunFor(TimeSpan.FromSeconds(10));
        Assert.InRange(resets, 5, 50);
        Assert.Empty(network.Failures);
    }

    [Fact]
    public void Refused_connects_and_silence_are_told_apart()
    {
        using var network = new SimulatedNetwork(1);
        var refused = new RecordingOwner();
        network.Loops[0].Connect(Address, new SocketOptions(), refused);
        Assert.Empty(refused.Signals);
        Assert.True(network.Run(() => !refused.Signals.IsEmpty));
        Assert.Equal("Connection refused", refused.Error);

        var missing = new RecordingOwner();
        network.Loops[0].Connect(new ConnectTarget.Unix("/tmp/.s.PGSQL.1", 1), new SocketOptions(), missing);
        Assert.True(network.Run(() => !missing.Signals.IsEmpty));
        Assert.Equal("No such file or directory", missing.Error);

        network.Blackhole(Address);
        var unheard = new RecordingOwner();
        network.Loops[0].Connect(Address, new SocketOptions(), unheard);
        network.RunFor(TimeSpan.FromMinutes(5));
        Assert.Empty(unheard.Signals);

        string? text = null;
        network.RemoveServer(Address);
        network.ConnectPeer(Address).OnRefused = (_, error) => text = error;
        Assert.True(network.Run(() => text is not null));
        Assert.Equal("Connection refused", text);
    }

    [Fact]
    public void The_end_of_a_stream_comes_after_its_last_byte_and_close_after_flush_after_the_last_byte_sent()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            using var network = new SimulatedNetwork(seed);
            Listen(network, RecordingAcceptor.Echo(network.Loops[0]));
            var peer = network.ConnectPeer(Address);
            var received = 0;
            var ended = false;
            peer.OnData = (_, bytes) => received += bytes.Length;
            peer.OnEnd = _ => ended = true;
            peer.Send(new byte[50_000]);
            peer.HalfClose();
            Assert.True(network.Run(() => ended), $"seed {seed}");
            Assert.Equal(50_000, received);
        }
    }

    [Fact]
    public void Exhausted_descriptors_pause_accepting_once_per_pause()
    {
        using var network = new SimulatedNetwork(1) { DescriptorsExhausted = true };
        var acceptor = RecordingAcceptor.Echo(network.Loops[0]);
        Listen(network, acceptor);
        network.ConnectPeer(Address);
        network.ConnectPeer(Address);
        network.RunFor(TimeSpan.FromSeconds(4));
        Assert.Equal("Too many open files", Assert.Single(acceptor.Pauses));
        network.DescriptorsExhausted = false;
        network.RunFor(TimeSpan.FromSeconds(2));
        Assert.Equal(2, acceptor.Count);
    }

    [Fact]
    public void A_paused_listener_accepts_its_backlog_when_it_resumes()
    {
        using var network = new SimulatedNetwork(1);
        var acceptor = RecordingAcceptor.Echo(network.Loops[0]);
        var listener = Listen(network, acceptor);
        listener.Pause();
        network.ConnectPeer(Address);
        network.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(0, acceptor.Count);
        listener.Resume();
        network.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(1, acceptor.Count);
        Assert.False(network.Loops[0].TryListen(Listening, acceptor, out _, out var error));
        Assert.Equal("bind(): Address already in use", error);
        listener.Close();
        Listen(network, acceptor);
    }

    [Fact]
    public void An_owner_that_neither_reads_nor_pauses_is_found_out()
    {
        using var network = new SimulatedNetwork(1);
        Listen(network, new RecordingAcceptor(_ => network.Loops[0], _ => new RecordingOwner(reads: false)));
        network.ConnectPeer(Address).Send("x"u8);
        Assert.True(network.Run(() => !network.Failures.IsEmpty));
    }

    [Fact]
    public void Deadlines_and_timers_run_in_virtual_time()
    {
        using var network = new SimulatedNetwork(1);
        var start = network.Now;
        var times = new List<long>();
        using var timer = network.Time.CreateTimer(_ => times.Add(network.Now - start), null, TimeSpan.FromHours(1), TimeSpan.FromHours(2));
        network.RunFor(TimeSpan.FromHours(6));
        Assert.Equal([3_600_000_000, 10_800_000_000, 18_000_000_000], times);
        Assert.Equal(TimeSpan.FromHours(6), network.Time.GetElapsedTime(start));

        var holder = new CountingHolder();
        network.Loops[0].Deadlines.Add(holder);
        network.RunFor(TimeSpan.FromSeconds(10));
        Assert.InRange(holder.Times, 29, 30);
    }

    [Fact]
    public void A_connection_moves_between_loops_without_losing_a_byte()
    {
        for (var seed = 0; seed < 30; seed++)
        {
            using var network = new SimulatedNetwork(seed, loops: 3);
            var owner = new RecordingOwner();
            var acceptor = new RecordingAcceptor(_ => network.Loops[1 + network.Random(2)], _ => owner);
            Listen(network, acceptor);
            var peer = network.ConnectPeer(Address);
            var payload = RandomNumberGenerator.GetBytes(5000);
            peer.Send(payload);
            Assert.True(network.Run(() => owner.ReceivedCount == payload.Length), $"seed {seed}");
            Assert.Equal(payload, owner.Received);
            Assert.NotSame(network.Loops[0], acceptor.Connections.Single().Loop);
        }
    }

    private static Listener Listen(SimulatedNetwork network, IAcceptor acceptor)
    {
        Assert.True(network.Loops[0].TryListen(Listening, acceptor, out var listener, out var error), error);
        return listener!;
    }

    private static string Trace(int seed)
    {
        using var network = new SimulatedNetwork(seed, loops: 2, new SimulationOptions { StallProbability = 0.01, ResetProbability = 0.001 });
        var trace = new StringBuilder();
        Listen(network, RecordingAcceptor.Echo(network.Loops[0]));
        for (var i = 0; i < 5; i++)
        {
            var number = i;
            var peer = network.ConnectPeer(Address);
            peer.OnData = (_, bytes) => trace.Append(network.Now).Append(' ').Append(number).Append(' ').Append(bytes.Length).AppendLine();
            peer.OnReset = _ => trace.Append(network.Now).Append(' ').Append(number).AppendLine(" reset");
            peer.Send(new byte[20_000]);
        }

        network.RunFor(TimeSpan.FromSeconds(30));
        return trace.ToString();
    }

    private sealed class SizeOwner(List<int> sizes) : IConnectionOwner
    {
        public void Signal(Connection connection, ConnectionSignal signal)
        {
            if (connection.Receive(out var bytes) == ReceiveStatus.Data)
            {
                sizes.Add(bytes.Length);
            }
        }
    }

    private sealed class CountingHolder : IDeadlineHolder
    {
        public int SweepPosition { get; set; } = -1;

        internal int Times { get; private set; }

        public void Sweep(long now) => Times++;
    }
}
