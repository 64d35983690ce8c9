namespace Akka.Actor;

/// <summary>The part of a scheduler that runs code of the caller's.</summary>
public interface IAdvancedScheduler : IActionScheduler;
