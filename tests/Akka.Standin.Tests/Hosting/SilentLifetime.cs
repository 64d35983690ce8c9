using Microsoft.Extensions.Hosting;

namespace Akka.Standin.Tests.Hosting;

/// <summary>A host that listens to no signals and prints nothing.</summary>
internal sealed class SilentLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
