using Pooler.Actors.Admin;
using Pooler.Actors.Configuration;

namespace Pooler.Actors.Tests.Admin;

/// <summary>A command host that writes down what commands ask of it.</summary>
internal sealed class FakeCommandHost : ICommandHost
{
    public PoolerSettings Settings { get; set; } = PoolerSettings.Default;

    public PauseState State { get; set; }

    public bool IsShuttingDown { get; set; }

    /// <summary>What SHOW shows; null: nothing but the settings.</summary>
    public PoolerSnapshot? Snapshot { get; set; }

    public List<string> Asked { get; } = [];

    public List<string> Lines { get; } = [];

    public ConsoleReply? LastReply { get; private set; }

    /// <summary>Runs a command and gives what became of it: its answer, or what it asked for.</summary>
    public string Run(string text, AdminRights rights = AdminRights.Admin)
    {
        Asked.Clear();
        LastReply = null;
        CommandTable.Run(this, 1, rights, text);
        return Assert.Single(Asked);
    }

    public void Reply(long call, ConsoleReply reply)
    {
        LastReply = reply;
        Asked.Add($"{reply.Kind}: {reply.Text}");
    }

    public void Show(long call, SnapshotParts parts, Func<PoolerSnapshot, ResultTable> make)
    {
        LastReply = ConsoleReply.Rows(make(Snapshot ?? new PoolerSnapshot { Settings = Settings }));
        Asked.Add($"show {parts}");
    }

    public void Reload(long call) => Asked.Add("reload");

    public void ChangeSetting(long call, string key, string value) => Asked.Add($"set {key}={value}");

    public void Pause(long call, string? database, TimeSpan? limit) =>
        Asked.Add($"pause {database ?? "all"}" + (limit is { } bound ? $" for {bound.TotalMilliseconds:0} ms" : ""));

    public void Suspend(long call) => Asked.Add("suspend");

    public void Resume(long call, string? database) => Asked.Add($"resume {database ?? "all"}");

    public void CommandPools(long call, PoolCommandKind kind, string tag, string? database, bool mayWait) => Asked.Add($"{tag} ({kind}) {database ?? "all"}");

    public void KillClient(long call, long socketId) => Asked.Add($"kill client {socketId}");

    public void ShutDown(long call, ShutdownMode mode) => Asked.Add($"shutdown {mode}");

    public void Log(string text) => Lines.Add(text);
}
