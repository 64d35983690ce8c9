using Pooler.Actors.Tests.Supervision;

namespace Pooler.Actors.Tests.Errors;

/// <summary>A pooler in which something has just gone wrong, and the client that hears of it; null: nobody but the log does.</summary>
internal sealed record ErrorScene(ScriptedPooler Pooler, ScriptedClient? Client = null) : IDisposable
{
    public void Dispose() => Pooler.Dispose();
}
