using Pooler.Actors.Transport;

namespace Pooler.Actors.Tests.Admin;

/// <summary>A loop that has a clock and nothing else.</summary>
internal sealed class FakeLoop() : Loop(0)
{
    public override long Now => 5_000_000;

    public override DateTimeOffset WallClock => Samples.Noon.AddSeconds(5);

    public override int ReceiveSize => 4096;

    public override BufferPool Buffers => throw new NotSupportedException();

    public override bool IsCurrent => true;

    public override void Execute(IThreadPoolWorkItem work) => throw new NotSupportedException();

    public override Connection Connect(ConnectTarget target, SocketOptions options, IConnectionOwner owner) => throw new NotSupportedException();

    public override void Attach(Connection connection, IConnectionOwner owner) => throw new NotSupportedException();

    public override bool TryListen(ListenTarget target, IAcceptor acceptor, out Listener? listener, out string? error) =>
        throw new NotSupportedException();
}
