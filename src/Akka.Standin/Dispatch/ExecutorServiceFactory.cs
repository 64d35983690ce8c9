namespace Akka.Dispatch;

/// <summary>Makes the executor of a dispatcher.</summary>
public abstract class ExecutorServiceFactory
{
    protected ExecutorServiceFactory()
    {
    }

    public abstract ExecutorService Produce(string id);
}
