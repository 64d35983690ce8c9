namespace Pooler.Actors.Dns;

/// <summary>Asks for names, without a cache. Called by the actor of the name cache; answers on whatever thread, and never blocks its caller.</summary>
public interface IDnsResolver
{
    /// <summary>The addresses of a host, of both families.</summary>
    public Task<DnsAnswer> LookUpAsync(string name, CancellationToken cancellation);

    /// <summary>The serial number of a zone; null: there is no answer, or no such zone.</summary>
    public Task<uint?> FindSerialAsync(string zone, CancellationToken cancellation);
}
