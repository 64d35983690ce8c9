using System.Linq.Expressions;
using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>The recipe for an actor: its class, the arguments of its constructor, its dispatcher. Immutable, so one may serve many actors.</summary>
public class Props : IEquatable<Props>
{
    private readonly ActorFactory _factory;

    private Props(ActorFactory factory, Deploy deploy, SupervisorStrategy? supervisorStrategy)
    {
        _factory = factory;
        Deploy = deploy;
        SupervisorStrategy = supervisorStrategy!;
    }

    public static Props Empty { get; } = Create<EmptyActor>();

    public Type Type => _factory.ActorType;

    public object[] Arguments => _factory.Arguments;

    public string TypeName => Type.AssemblyQualifiedName!;

    public Deploy Deploy { get; protected set; }

    /// <summary>Null: the actor says it itself.</summary>
    public SupervisorStrategy SupervisorStrategy { get; protected set; }

    public string Dispatcher => Deploy.Dispatcher.Length > 0 ? Deploy.Dispatcher : Dispatchers.DefaultDispatcherId;

    /// <summary>The dispatcher as looked up last; a system compares it with itself before it believes it.</summary>
    internal DispatcherLookup? LastLookup { get; set; }

    /// <param name="factory">A call of a constructor; its arguments are evaluated once, now.</param>
    /// <param name="supervisorStrategy">For the children of the actor, in the place of its own.</param>
    public static Props Create<TActor>(Expression<Func<TActor>> factory, SupervisorStrategy? supervisorStrategy = null)
        where TActor : ActorBase =>
        factory.Body is NewExpression { Constructor: { } constructor } call
            ? new Props(new ConstructorFactory(constructor.DeclaringType!, ConstructorArguments.Of(call), constructor), Deploy.Local, supervisorStrategy)
            : throw new ArgumentException("The create function must be a 'new T (args)' expression");

    public static Props Create<TActor>(params object[] args)
        where TActor : ActorBase => Create(typeof(TActor), args);

    public static Props Create<TActor>(SupervisorStrategy supervisorStrategy)
        where TActor : ActorBase, new() => new(new ConstructorFactory(typeof(TActor), []), Deploy.Local, supervisorStrategy);

    public static Props Create(Type type, params object[] args)
    {
        ArgumentNullException.ThrowIfNull(type);
        return new Props(new ConstructorFactory(type, args ?? []), Deploy.Local, null);
    }

    public static Props CreateBy(IIndirectActorProducer producer, params object[] args) =>
        new(new ProducerFactory(producer, args), Deploy.Local, null);

    public Props WithDispatcher(string dispatcher) => new(_factory, Deploy.WithDispatcher(dispatcher), SupervisorStrategy);

    public Props WithDeploy(Deploy deploy) => new(_factory, deploy.WithFallback(Deploy), SupervisorStrategy);

    public Props WithSupervisorStrategy(SupervisorStrategy supervisorStrategy) => new(_factory, Deploy, supervisorStrategy);

    public virtual ActorBase NewActor() => _factory.Create();

    public bool Equals(Props? other) => ReferenceEquals(this, other)
        || (other is not null && Type == other.Type && Dispatcher == other.Dispatcher && SupervisorStrategy == other.SupervisorStrategy
            && Arguments.AsSpan().SequenceEqual(other.Arguments));

    public override bool Equals(object? obj) => obj is Props other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Type, Dispatcher, Arguments.Length);

    internal void Release(ActorBase actor) => _factory.Release(actor);
}
