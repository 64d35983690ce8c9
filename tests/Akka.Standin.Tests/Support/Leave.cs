namespace Akka.Standin.Tests.Support;

/// <summary>A message that a <see cref="ScriptedActor"/> leaves unhandled.</summary>
internal sealed class Leave;
