using Akka.Event;

namespace Akka.Dispatch;

/// <summary>Decides where and in which portions mailboxes run.</summary>
public abstract class MessageDispatcher
{
    private protected MessageDispatcher(string id, int throughput, EventStream eventStream, ExecutorService executor)
    {
        Id = id;
        Throughput = throughput;
        EventStream = eventStream;
        Executor = executor;
    }

    public string Id { get; protected set; }

    /// <summary>Messages that one actor handles before another gets its turn on the thread.</summary>
    public int Throughput { get; set; }

    public EventStream EventStream { get; }

    internal ExecutorService Executor { get; }

    public void Schedule(Action run) => Executor.Execute(new ActionRunnable(run));

    public void Schedule(IRunnable run) => Executor.Execute(run);
}
