using Akka.Actor;
using Akka.Configuration;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pooler.Actors.Admin;
using Pooler.Actors.Configuration;
using Pooler.Actors.Logging;
using Pooler.Actors.Transport;
using Pooler.Host.Cli;
using Pooler.Host.Logging;
using Pooler.Host.Process;
using Serilog.Events;
using Serilog.Extensions.Logging;
using GenericHost = Microsoft.Extensions.Hosting.Host;
using LogLevel = Akka.Event.LogLevel;

namespace Pooler.Host.Hosting;

/// <summary>
/// Runs the pooler: the I/O loops, the generic host with the actor system in it, the supervisor tree, the signals; and leaves nothing behind
/// when it ends. Used once, by <see cref="Program"/>.
/// </summary>
internal sealed class PoolerHost
{
    private readonly PoolerSettings _settings;
    private readonly SettingsLoader _loader;
    private readonly LogControl _logControl;
    private readonly Serilog.ILogger _log;
    private readonly PidFile? _pidFile;
    private readonly int? _readyDescriptor;
    private readonly string? _socketPath;
    private readonly ServiceNotifier _notifier = new(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"));
    private readonly ProcessExit _exit = new();
    private bool _isListening;

    // Stays until the process is gone: a signal that comes while it stops must not kill it.
    private SignalListener? _signals;

    /// <param name="settings">The settings to start with.</param>
    /// <param name="loader">Reads them again at a reload.</param>
    /// <param name="logControl">The log.</param>
    /// <param name="pidFile">The pid file, checked but not yet written; null: none is wanted.</param>
    /// <param name="readyDescriptor">In the background process, where it reports that it serves.</param>
    public PoolerHost(PoolerSettings settings, SettingsLoader loader, LogControl logControl, PidFile? pidFile, int? readyDescriptor)
    {
        _settings = settings;
        _loader = loader;
        _logControl = logControl;
        _log = logControl.Log;
        _pidFile = pidFile;
        _readyDescriptor = readyDescriptor;
        _socketPath = UnixSocket.PathOf(settings.Global.UnixSocketDir, settings.Global.ListenPort);
    }

    /// <summary>Serves until the end is asked for; gives the exit code.</summary>
    public async Task<int> RunAsync()
    {
        string? overrideFile = Environment.GetEnvironmentVariable(PoolerConfiguration.OverrideVariable);
        if (!PoolerConfiguration.TryLoad(overrideFile, out Config? configuration, out string? fatalText))
        {
            return Fail(fatalText);
        }

        (long Soft, long Hard) limit = DescriptorLimit.Raise();
        _log.Line(LogEventLevel.Information, DescriptorLimit.Text(limit, _settings));
        if (DescriptorLimit.Warning(limit, _settings.Global) is { } warning)
        {
            _log.Line(LogEventLevel.Warning, warning);
        }

        if (_socketPath is not null && UnixSocket.IsLocked(_socketPath))
        {
            return Fail($"unix port {_settings.Global.ListenPort} is in use");
        }

        LoopSet loops = LoopSet.StartEpoll(
            "pooler",
            _settings.Global.IoLoopCount(Environment.ProcessorCount),
            _settings.Global.PktBuf,
            TimeProvider.System,
            (loop, exception) => _log.Line(LogEventLevel.Error, $"unexpected error on I/O loop {loop.Index}: {exception}"),
            DescriptorLimit.Budget(limit));
        IHost host = BuildHost(PoolerConfiguration.WithLoops(configuration, loops));
        ProcessEnd end = await ServeAsync(host, loops, configuration, limit).ConfigureAwait(false);
        if (!end.IsAtOnce)
        {
            // The loops last: the actors that live on them need their threads to stop.
            await StopAsync(host, configuration.GetTimeSpan("pooler.stop-timeout")).ConfigureAwait(false);
            loops.Dispose();
        }

        CleanUp();
        return end.ExitCode;
    }

    private async Task<ProcessEnd> ServeAsync(IHost host, LoopSet loops, Config configuration, (long Soft, long Hard) limit)
    {
        await host.StartAsync().ConfigureAwait(false);
        ActorSystem system = host.Services.GetRequiredService<ActorSystem>();
        var tree = new SupervisorTree(system, _settings, _loader, loops, _log);
        var board = new ActivityBoard();
        IActorRef watch = system.ActorOf(ProcessWatch.Props(tree.Root, _logControl, _notifier, _exit, board, limit), ProcessWatch.Name);
        _signals = new SignalListener(new SignalHandler(new ActorControl(tree, watch, board), _notifier, _exit, _log).Handle);

        string? fatalText = await tree.StartAsync(configuration.GetTimeSpan("pooler.start-timeout")).ConfigureAwait(false);
        if (fatalText is null)
        {
            _isListening = true;
            _pidFile?.TryWrite(out fatalText);
        }

        if (fatalText is not null)
        {
            return new ProcessEnd(Fail(fatalText), IsAtOnce: true);
        }

        _log.Line(LogEventLevel.Information, CommandLineTexts.ProcessUp(PoolerVersion.Text));
        _notifier.Ready();
        if (_readyDescriptor is { } descriptor)
        {
            _logControl.LimitErrorOutput(null);
            Daemon.ReportReady(descriptor);
        }

        return await _exit.Requested.ConfigureAwait(false);
    }

    private IHost BuildHost(Config configuration)
    {
        var builder = GenericHost.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings
        {
            DisableDefaults = true,
            ApplicationName = "pooler",
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Services.AddSingleton<IHostLifetime, HostLifetime>();
        builder.Services.AddSingleton<ILoggerFactory>(_ => new SerilogLoggerFactory(_logControl.LibraryLog));
        builder.Services.AddAkka("pooler", akka => akka
            .AddHocon(configuration, HoconAddMode.Prepend)
            .ConfigureLoggers(loggers =>
            {
                loggers.LogLevel = LibraryLevel();
                loggers.ClearLoggers();
                loggers.AddLoggerFactory();
            }));
        return builder.Build();
    }

    /// <summary>How much Akka hands over to its logger at all; what is written then follows the log's own level.</summary>
    private LogLevel LibraryLevel() => _settings.Global.Verbose switch
    {
        <= 0 => LogLevel.WarningLevel,
        1 => LogLevel.InfoLevel,
        _ => LogLevel.DebugLevel,
    };

    private static async Task StopAsync(IHost host, TimeSpan timeout)
    {
        using var limit = new CancellationTokenSource(timeout);
        try
        {
            await host.StopAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The process ends anyway.
        }
    }

    private int Fail(string text)
    {
        _log.Line(LogEventLevel.Fatal, text);
        return 1;
    }

    private void CleanUp()
    {
        _pidFile?.Remove();
        if (_isListening && _socketPath is not null && _socketPath[0] != '@')
        {
            // Gone already unless the end came at once.
            _ = LibC.Unlink(_socketPath);
        }
    }
}
