using Microsoft.Extensions.Hosting;

namespace Pooler.Host.Hosting;

/// <summary>Keeps the generic host from listening to signals and the console by itself: the process has its own rules for them.</summary>
internal sealed class HostLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
