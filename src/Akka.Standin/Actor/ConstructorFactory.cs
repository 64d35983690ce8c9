using System.Collections.Concurrent;
using System.Reflection;

namespace Akka.Actor;

/// <summary>Makes instances by the public constructor that fits the arguments. It is looked up at the first instance and shared by all of the class.</summary>
internal sealed class ConstructorFactory(Type actorType, object[] arguments, ConstructorInfo? known = null) : ActorFactory(actorType, arguments)
{
    private static readonly ConcurrentDictionary<ConstructorInfo, ConstructorInvoker> Invokers = new();
    private static readonly ConcurrentDictionary<Type, ConstructorInfo[]> Constructors = new();

    private ConstructorInvoker? _invoker;

    internal override ActorBase Create()
    {
        _invoker ??= Invokers.GetOrAdd(Find(), static constructor => ConstructorInvoker.Create(constructor));
        return (ActorBase)_invoker.Invoke(Arguments.AsSpan()!);
    }

    private static bool Fits(ParameterInfo[] parameters, object?[] arguments)
    {
        if (parameters.Length != arguments.Length)
        {
            return false;
        }

        for (int i = 0; i < parameters.Length; i++)
        {
            Type type = parameters[i].ParameterType;
            bool fits = arguments[i] is { } argument
                ? type.IsInstanceOfType(argument) || Nullable.GetUnderlyingType(type)?.IsInstanceOfType(argument) == true
                : !type.IsValueType || Nullable.GetUnderlyingType(type) is not null;
            if (!fits)
            {
                return false;
            }
        }

        return true;
    }

    private ConstructorInfo Find()
    {
        if (known is { IsPublic: true })
        {
            return known;
        }

        ConstructorInfo[] all = Constructors.GetOrAdd(ActorType, static type => type.GetConstructors());
        ConstructorInfo? found = null;
        foreach (ConstructorInfo constructor in all)
        {
            if (!Fits(constructor.GetParameters(), Arguments))
            {
                continue;
            }

            if (found is not null)
            {
                throw new AmbiguousMatchException($"More than one constructor of {ActorType} fits the arguments of its Props");
            }

            found = constructor;
        }

        return found ?? throw new MissingMethodException(
            $"Could not find a public constructor of {ActorType} for the arguments [{string.Join(", ", Arguments.Select(a => a?.GetType().Name ?? "null"))}]");
    }
}
