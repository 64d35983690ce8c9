namespace Akka.Actor;

/// <summary>Where and how an actor is to run.</summary>
public class Deploy
{
    public static readonly string NoDispatcherGiven = string.Empty;

    public static readonly Deploy Local = new();

    public static readonly Deploy None = new();

    public Deploy()
    {
        Path = "";
        Dispatcher = NoDispatcherGiven;
    }

    private Deploy(string path, string dispatcher)
    {
        Path = path;
        Dispatcher = dispatcher;
    }

    /// <summary>The actor's path below /user, where the configuration gave it.</summary>
    public string Path { get; }

    /// <summary>A path in the configuration, or <see cref="NoDispatcherGiven"/>.</summary>
    public string Dispatcher { get; }

    public virtual Deploy WithDispatcher(string dispatcher) => new(Path, dispatcher);

    public virtual Deploy WithFallback(Deploy other) => new(Path.Length > 0 ? Path : other.Path, Dispatcher.Length > 0 ? Dispatcher : other.Dispatcher);
}
