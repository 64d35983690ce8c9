using Akka.Configuration;
using Pooler.Host.Hosting;

namespace Pooler.Host.Tests.Hosting;

public sealed class PoolerConfigurationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void HoldsTheProgramsOwnFile()
    {
        Assert.True(PoolerConfiguration.TryLoad(null, out Config? configuration, out _));

        Assert.Equal(30, configuration.GetInt("pooler.io-loop-throughput"));
        Assert.Equal(TimeSpan.FromSeconds(60), configuration.GetTimeSpan("pooler.start-timeout"));
        Assert.Equal("OFF", configuration.GetString("akka.stdout-loglevel"));
    }

    [Fact]
    public void LaysTheOperatorsFileOverIt()
    {
        string path = _folder.File("own.conf");
        File.WriteAllText(path, "pooler.start-timeout = 5s\nakka.actor.default-dispatcher.throughput = 7");

        Assert.True(PoolerConfiguration.TryLoad(path, out Config? configuration, out _));

        Assert.Equal(TimeSpan.FromSeconds(5), configuration.GetTimeSpan("pooler.start-timeout"));
        Assert.Equal(7, configuration.GetInt("akka.actor.default-dispatcher.throughput"));
        Assert.Equal(30, configuration.GetInt("pooler.io-loop-throughput"));
    }

    [Fact]
    public void SaysWhyTheOperatorsFileIsOfNoUse()
    {
        Assert.False(PoolerConfiguration.TryLoad(_folder.File("none.conf"), out _, out string? missing));
        Assert.StartsWith($"cannot use POOLER_HOCON file '{_folder.File("none.conf")}': ", missing, StringComparison.Ordinal);

        string path = _folder.File("bad.conf");
        File.WriteAllText(path, "a { b = ");
        Assert.False(PoolerConfiguration.TryLoad(path, out _, out string? broken));
        Assert.StartsWith($"cannot use POOLER_HOCON file '{path}': ", broken, StringComparison.Ordinal);
    }
}
