using System.Collections.Concurrent;
using Akka.Actor;
using Pooler.Actors.Configuration;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace Pooler.Actors.Tests.Configuration;

public sealed class ConfigActorTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly MemoryFiles _files = new() { ["test.ini"] = "[databases]\na = host=x\n[pgbouncer]\ndefault_pool_size = 7\n" };
    private readonly LogLines _lines = new();
    private readonly BlockingCollection<object> _heard = [];
    private readonly BlockingCollection<object> _published = [];
    private readonly ActorSystem _system = ActorSystem.Create("configuration");
    private readonly PoolerSettings _initial;
    private readonly IActorRef _config;

    public ConfigActorTests()
    {
        SettingsLoader loader = new(_files);
        _initial = loader.Load("test.ini").Settings!;
        IActorRef subscriber = _system.ActorOf(Props.Create(() => new Collector(_heard)), "subscriber");
        IActorRef listener = _system.ActorOf(Props.Create(() => new Collector(_published)), "listener");
        _system.EventStream.Subscribe(listener, typeof(SettingsChanged));
        ILogger log = new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.Sink(_lines).CreateLogger();
        _config = _system.ActorOf(ConfigActor.Props(_initial, loader, [subscriber], log), "config");
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _system.Terminate();
        _heard.Dispose();
        _published.Dispose();
    }

    [Fact]
    public async Task ReloadPutsTheFileInForceAndTellsEverybody()
    {
        _files["test.ini"] = "[databases]\nb = host=y\n[pgbouncer]\ndefault_pool_size = 9\nlisten_port = 7000\n";

        ReloadSucceeded answer = Assert.IsType<ReloadSucceeded>(await AskAsync(ReloadSettings.Instance));

        Assert.Equal(9, answer.Settings.Global.DefaultPoolSize);
        Assert.Same(answer.Settings, await CurrentAsync());
        SettingsChanged told = Take(_heard);
        Assert.Same(_initial, told.Old);
        Assert.Same(answer.Settings, told.New);
        Assert.Equal(["b"], told.Diff.DatabasesAdded);
        Assert.Equal(["a"], told.Diff.DatabasesRemoved);
        Assert.Equal(["default_pool_size"], told.Diff.GlobalKeys);
        Assert.Same(told, Take(_published));
        Assert.Equal(["Warning listen_port needs a restart to change from \"6432\" to \"7000\", it stays as it is until then"], _lines.All);
    }

    [Fact]
    public async Task ReloadOfAnUnchangedFileIsPublishedToo()
    {
        await AskAsync(ReloadSettings.Instance);
        Assert.True(Take(_heard).Diff.IsEmpty);
    }

    [Fact]
    public async Task AFailedReloadLeavesEverythingAsItWas()
    {
        _files["test.ini"] = "[databases]\nb = host=y\n[pgbouncer]\ndefault_pool_size = x\n";

        ReloadFailed answer = Assert.IsType<ReloadFailed>(await AskAsync(ReloadSettings.Instance));

        const string Line = "invalid value \"x\" for parameter default_pool_size in configuration (test.ini:4)";
        Assert.Equal([Line], answer.Lines);
        Assert.Equal(["Error " + Line, "Warning config file loading failed"], _lines.All);
        Assert.Same(_initial, await CurrentAsync());
        Assert.Empty(_heard);
    }

    [Fact]
    public async Task SetChangesTheSettingsInForceUntilTheNextReload()
    {
        SettingChanged answer = Assert.IsType<SettingChanged>(await AskAsync(new ChangeSetting("default_pool_size", "3")));

        Assert.Equal(3, answer.Settings.Global.DefaultPoolSize);
        Assert.Same(answer.Settings, Take(_heard).New);
        Assert.Empty(_lines.All);

        await AskAsync(ReloadSettings.Instance);
        Assert.Equal(7, (await CurrentAsync()).Global.DefaultPoolSize);
    }

    [Fact]
    public async Task SetOfAKeyThatNeedsARestartIsAcceptedWithoutEffect()
    {
        Assert.Same(_initial, Assert.IsType<SettingChanged>(await AskAsync(new ChangeSetting("listen_port", "1"))).Settings);
        Assert.Empty(_heard);
    }

    [Fact]
    public async Task SetSaysInTheLogWhyItFailed()
    {
        SettingRejected answer = Assert.IsType<SettingRejected>(await AskAsync(new ChangeSetting("auth_type", "hba")));
        Assert.StartsWith("auth_type hba is not available", answer.Text, StringComparison.Ordinal);
        Assert.Equal(["Error " + answer.Text], _lines.All);

        Assert.IsType<SettingRejected>(await AskAsync(new ChangeSetting("nonsense", "1")));
        Assert.Same(_initial, await CurrentAsync());
    }

    [Fact]
    public async Task SetWarnsAboutWhatIsNotThereYet()
    {
        Assert.IsType<SettingChanged>(await AskAsync(new ChangeSetting("client_tls_ciphers", "fast")));
        Assert.StartsWith("Warning client_tls_ciphers was set, but is not available", Assert.Single(_lines.All), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SetOfConffileMovesTheNextReload()
    {
        _files["other.ini"] = "[pgbouncer]\ndefault_pool_size = 11\n";
        await AskAsync(new ChangeSetting("conffile", "other.ini"));
        await AskAsync(ReloadSettings.Instance);

        PoolerSettings current = await CurrentAsync();
        Assert.Equal(11, current.Global.DefaultPoolSize);
        Assert.Equal("other.ini", current.ConfigFile);
    }

    private async Task<object> AskAsync(object message) => await _config.Ask<object>(message, Patience);

    private async Task<PoolerSettings> CurrentAsync() => ((CurrentSettings)await AskAsync(GetSettings.Instance)).Settings;

    private static SettingsChanged Take(BlockingCollection<object> messages)
    {
        Assert.True(messages.TryTake(out object? message, Patience));
        return Assert.IsType<SettingsChanged>(message);
    }

    private sealed class Collector(BlockingCollection<object> messages) : UntypedActor
    {
        protected override void OnReceive(object message) => messages.Add(message);
    }

    private sealed class LogLines : ILogEventSink
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public IReadOnlyCollection<string> All => _lines;

        public void Emit(LogEvent logEvent) => _lines.Enqueue($"{logEvent.Level} {logEvent.RenderMessage(null)}");
    }
}
