using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Akka.Standin.Tests.Hosting;

/// <summary>An actor system lives and dies with its host.</summary>
public sealed class AddAkkaTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task The_system_starts_with_the_host_and_ends_with_it()
    {
        using var host = Build(akka => akka.AddHocon("pooler.size = 7", HoconAddMode.Prepend));
        await host.StartAsync().WaitAsync(Patience);
        var system = host.Services.GetRequiredService<ActorSystem>();

        Assert.Equal("hosted", system.Name);
        Assert.Equal(7, system.Settings.Config.GetInt("pooler.size"));
        Assert.False(system.WhenTerminated.IsCompleted);

        await host.StopAsync().WaitAsync(Patience);
        Assert.True(system.WhenTerminated.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Starters_run_before_startup_tasks_and_in_their_order()
    {
        var steps = new List<string>();
        using var host = Build(akka => akka
            .AddStartup((_, _) => steps.Add("startup 1"))
            .WithActors((_, _) => steps.Add("actors 1"))
            .WithActors(async (_, _) =>
            {
                await Task.Yield();
                steps.Add("actors 2");
            })
            .AddStartup((_, _) =>
            {
                steps.Add("startup 2");
                return Task.CompletedTask;
            }));
        await host.StartAsync().WaitAsync(Patience);

        Assert.Equal(["actors 1", "actors 2", "startup 1", "startup 2"], steps);
        await host.StopAsync().WaitAsync(Patience);
    }

    [Fact]
    public async Task Actors_are_reached_through_the_registry_and_as_required_actors()
    {
        using var host = Build(akka => akka.WithActors((system, registry) =>
            registry.Register<EchoActor>(system.ActorOf(Props.Create(() => new EchoActor()), "echo"))));
        await host.StartAsync().WaitAsync(Patience);
        var required = host.Services.GetRequiredService<IRequiredActor<EchoActor>>();

        Assert.Equal("hello", await required.ActorRef.Ask<string>("hello", Patience));
        Assert.Equal(required.ActorRef, await required.GetAsync().WaitAsync(Patience));
        Assert.Equal(required.ActorRef, host.Services.GetRequiredService<ActorRegistry>().Get<EchoActor>());
        Assert.Equal(required.ActorRef, host.Services.GetRequiredService<IActorRegistry>().Get<EchoActor>());
        Assert.Equal(required.ActorRef, host.Services.GetRequiredService<IReadOnlyActorRegistry>().Get<EchoActor>());
        Assert.Throws<MissingActorRegistryEntryException>(() => host.Services.GetRequiredService<IRequiredActor<string>>().ActorRef);
        await host.StopAsync().WaitAsync(Patience);
    }

    [Fact]
    public async Task A_system_that_ends_by_itself_stops_the_host()
    {
        using var host = Build(_ => { });
        await host.StartAsync().WaitAsync(Patience);
        var stopping = Stopping(host);

        await host.Services.GetRequiredService<ActorSystem>().Terminate().WaitAsync(Patience);

        await stopping.WaitAsync(Patience);
        await host.StopAsync().WaitAsync(Patience);
    }

    [Fact]
    public async Task A_starter_that_fails_stops_the_host()
    {
        using var host = Build(akka => akka.WithActors((_, _) => throw new InvalidOperationException("on purpose")));
        var stopping = Stopping(host);
        await host.StartAsync().WaitAsync(Patience);

        await stopping.WaitAsync(Patience);
        await host.StopAsync().WaitAsync(Patience);
    }

    [Fact]
    public async Task Stopping_the_host_runs_the_tasks_of_the_shutdown()
    {
        var done = new TaskCompletionSource<CoordinatedShutdown.Reason?>();
        using var host = Build(akka => akka.AddStartup((system, _) =>
        {
            var shutdown = CoordinatedShutdown.Get(system);
            shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "unbind", () =>
            {
                done.TrySetResult(shutdown.ShutdownReason);
                return Task.FromResult(Done.Instance);
            });
        }));
        await host.StartAsync().WaitAsync(Patience);
        await host.StopAsync().WaitAsync(Patience);

        Assert.IsType<CoordinatedShutdown.ClrExitReason>(await done.Task.WaitAsync(Patience));
    }

    [Fact]
    public async Task Hocon_goes_in_front_behind_or_in_place()
    {
        using var host = Build(akka => akka
            .AddHocon("gone = 1", HoconAddMode.Append)
            .AddHocon("a = first, b = first", HoconAddMode.Replace)
            .AddHocon("a = front", HoconAddMode.Prepend)
            .AddHocon("b = behind, c = behind", HoconAddMode.Append));
        await host.StartAsync().WaitAsync(Patience);
        var config = host.Services.GetRequiredService<ActorSystem>().Settings.Config;

        Assert.Equal("front first behind", $"{config.GetString("a")} {config.GetString("b")} {config.GetString("c")}");
        Assert.False(config.HasPath("gone"));
        await host.StopAsync().WaitAsync(Patience);
    }

    [Fact]
    public async Task Hocon_can_come_from_a_file()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "from.file = yes");
        try
        {
            using var host = Build(akka => akka.AddHoconFile(file, HoconAddMode.Prepend));
            await host.StartAsync().WaitAsync(Patience);

            Assert.True(host.Services.GetRequiredService<ActorSystem>().Settings.Config.GetBoolean("from.file"));
            await host.StopAsync().WaitAsync(Patience);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task The_builder_sees_the_services()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton("from a service");
        builder.Services.AddAkka("hosted", (akka, services) =>
            akka.AddHocon($"text = \"{services.GetRequiredService<string>()}\"", HoconAddMode.Prepend));
        using var host = builder.Build();
        await host.StartAsync().WaitAsync(Patience);

        Assert.Equal("from a service", host.Services.GetRequiredService<ActorSystem>().Settings.Config.GetString("text"));
        await host.StopAsync().WaitAsync(Patience);
    }

    private static IHost Build(Action<AkkaConfigurationBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<IHostLifetime, SilentLifetime>();
        builder.Services.AddAkka("hosted", akka =>
        {
            akka.ConfigureLoggers(loggers => loggers.ClearLoggers());
            configure(akka);
        });
        return builder.Build();
    }

    private static Task Stopping(IHost host)
    {
        var stopping = new TaskCompletionSource();
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);
        return stopping.Task;
    }
}
