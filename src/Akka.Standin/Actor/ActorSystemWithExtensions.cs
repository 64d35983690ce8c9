namespace Akka.Actor;

public static class ActorSystemWithExtensions
{
    /// <summary>The extension, made by the id type given if the system has none yet.</summary>
    public static T WithExtension<T, TI>(this ActorSystem system)
        where T : class, IExtension
        where TI : IExtensionId => (T)system.RegisterExtension((IExtensionId)Activator.CreateInstance(typeof(TI))!);
}
