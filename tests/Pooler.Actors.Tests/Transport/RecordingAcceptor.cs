using System.Collections.Concurrent;
using Pooler.Actors.Transport;

namespace Pooler.Actors.Tests.Transport;

/// <summary>Takes every connection on the given loop and gives it an owner made by the test; the first one can be waited for.</summary>
internal sealed class RecordingAcceptor(Func<Connection, Loop> loop, Func<Connection, IConnectionOwner> owner) : IAcceptor
{
    internal ConcurrentQueue<Connection> Connections { get; } = new();

    internal ConcurrentQueue<string> Pauses { get; } = new();

    internal int Count => Connections.Count;

    public void Accepted(Connection connection)
    {
        var target = loop(connection);
        if (target.IsCurrent)
        {
            target.Attach(connection, owner(connection));
            Connections.Enqueue(connection);
            return;
        }

        target.Execute(new LoopFixture.Work(() =>
        {
            target.Attach(connection, owner(connection));
            Connections.Enqueue(connection);
        }));
    }

    public void AcceptPaused(string error, TimeSpan pause) => Pauses.Enqueue(error);

    internal static RecordingAcceptor Echo(Loop loop) => new(_ => loop, _ => new EchoOwner());

    internal Connection First()
    {
        LoopFixture.Until(() => !Connections.IsEmpty);
        return Connections.First();
    }
}
