using Akka.Actor;
using Akka.Event;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using AkkaLogLevel = Akka.Event.LogLevel;
using HostLogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Akka.Standin.Tests.Hosting;

/// <summary>What the actor system logs reaches the host's loggers.</summary>
public sealed class LoggerFactoryLoggerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Log_events_reach_the_hosts_loggers_with_level_text_and_cause()
    {
        using var log = new CapturingLoggerProvider();
        using var host = Build(log, loggers =>
        {
            loggers.LogLevel = AkkaLogLevel.DebugLevel;
            loggers.ClearLoggers();
            loggers.AddLoggerFactory();
        });
        await host.StartAsync().WaitAsync(Patience);
        var system = host.Services.GetRequiredService<ActorSystem>();
        var adapter = Akka.Event.Logging.GetLogger(system, "source-of-this");
        var cause = new InvalidOperationException("on purpose");

        adapter.Debug("text at {0}", "debug");
        adapter.Info("text at info");
        adapter.Warning("text at warning");
        adapter.Error(cause, "text at error");

        Assert.Equal(HostLogLevel.Debug, (await LineAsync(log, "text at debug")).Level);
        Assert.Equal(HostLogLevel.Information, (await LineAsync(log, "text at info")).Level);
        Assert.Equal(HostLogLevel.Warning, (await LineAsync(log, "text at warning")).Level);
        var error = await LineAsync(log, "text at error");
        Assert.Equal(HostLogLevel.Error, error.Level);
        Assert.Same(cause, error.Cause);
        await host.StopAsync().WaitAsync(Patience);
    }

    [Fact]
    public async Task Events_below_the_level_are_not_logged()
    {
        using var log = new CapturingLoggerProvider();
        using var host = Build(log, loggers =>
        {
            loggers.LogLevel = AkkaLogLevel.WarningLevel;
            loggers.ClearLoggers();
            loggers.AddLoggerFactory();
        });
        await host.StartAsync().WaitAsync(Patience);
        var system = host.Services.GetRequiredService<ActorSystem>();

        system.Log.Info("below the level");
        system.Log.Warning("at the level");

        await LineAsync(log, "at the level");
        Assert.False(log.Has("below the level"));
        await host.StopAsync().WaitAsync(Patience);
    }

    [Fact]
    public async Task A_factory_of_its_own_can_be_given()
    {
        using var log = new CapturingLoggerProvider();
        using var factory = LoggerFactory.Create(logging => logging.SetMinimumLevel(HostLogLevel.Trace).AddProvider(log));
        using var hostLog = new CapturingLoggerProvider();
        using var host = Build(hostLog, loggers =>
        {
            loggers.ClearLoggers();
            loggers.AddLoggerFactory(factory);
        });
        await host.StartAsync().WaitAsync(Patience);

        host.Services.GetRequiredService<ActorSystem>().Log.Warning("to the own factory");

        await LineAsync(log, "to the own factory");
        Assert.False(hostLog.Has("to the own factory"));
        await host.StopAsync().WaitAsync(Patience);
    }

    private static Task<CapturedLine> LineAsync(CapturingLoggerProvider log, string text) =>
        log.WaitForAsync(line => line.Text.Contains(text, StringComparison.Ordinal), Patience);

    private static IHost Build(CapturingLoggerProvider log, Action<LoggerConfigBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<IHostLifetime, SilentLifetime>();
        builder.Logging.SetMinimumLevel(HostLogLevel.Trace).AddProvider(log);
        builder.Services.AddAkka("logged", akka => akka.ConfigureLoggers(configure));
        return builder.Build();
    }
}
