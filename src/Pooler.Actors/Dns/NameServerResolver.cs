using System.Net;

namespace Pooler.Actors.Dns;

/// <summary>
/// Resolves by a resolv.conf of one's own choice: /etc/hosts first, then the name servers of that file. Both files are read anew for every look-up, so that a change of theirs
/// counts; they are short, and look-ups rare. Any thread may call.
/// </summary>
internal sealed class NameServerResolver(string resolvConf) : IDnsResolver
{
    /// <summary>The system's own file.</summary>
    public const string SystemFile = "/etc/resolv.conf";

    private const string HostsPath = "/etc/hosts";
    private const string Localhost = "localhost";

    public async Task<DnsAnswer> LookUpAsync(string name, CancellationToken cancellation)
    {
        var bare = name.TrimEnd('.');
        IPAddress[] local = [.. HostsFile.Find(await ReadAsync(HostsPath, cancellation).ConfigureAwait(false), bare)];
        if (local.Length == 0 && (bare.Equals(Localhost, StringComparison.OrdinalIgnoreCase) || bare.EndsWith("." + Localhost, StringComparison.OrdinalIgnoreCase)))
        {
            // No name server is to be asked for it (RFC 6761).
            local = [IPAddress.Loopback, IPAddress.IPv6Loopback];
        }

        if (local.Length > 0)
        {
            return DnsAnswer.Of(local);
        }

        var conf = await LoadAsync(cancellation).ConfigureAwait(false);
        var result = ResolverResult.NoName;
        foreach (var candidate in conf.Candidates(name))
        {
            var questions = new[] { DnsRecordType.A, DnsRecordType.Aaaa }.Select(type => NameServerClient.AskAsync(conf, candidate, type, cancellation));
            var responses = await Task.WhenAll(questions).ConfigureAwait(false);
            IPAddress[] addresses = [.. responses.SelectMany(response => response?.Addresses ?? [])];
            if (addresses.Length > 0)
            {
                return DnsAnswer.Of(addresses);
            }

            var found = Judge(responses);
            if (found is ResolverResult.TryAgain or ResolverResult.Fail)
            {
                // Another name might be found in place of the one that is only out of reach.
                return DnsAnswer.Failed(found);
            }

            result = found == ResolverResult.NoData ? found : result;
        }

        return DnsAnswer.Failed(result);
    }

    public async Task<uint?> FindSerialAsync(string zone, CancellationToken cancellation)
    {
        var conf = await LoadAsync(cancellation).ConfigureAwait(false);
        return (await NameServerClient.AskAsync(conf, zone, DnsRecordType.Soa, cancellation).ConfigureAwait(false))?.Serial;
    }

    private static int Judge(DnsResponse?[] responses)
    {
        const int ServerFailure = 2;
        if (Array.Exists(responses, response => response is null or { Code: ServerFailure }))
        {
            return ResolverResult.TryAgain;
        }

        if (Array.Exists(responses, response => response!.Code is not (DnsResponse.NoError or DnsResponse.NoSuchName)))
        {
            return ResolverResult.Fail;
        }

        return Array.Exists(responses, response => response!.Code == DnsResponse.NoError) ? ResolverResult.NoData : ResolverResult.NoName;
    }

    private static async Task<string> ReadAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return await File.ReadAllTextAsync(path, cancellation).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private async Task<ResolvConf> LoadAsync(CancellationToken cancellation) =>
        ResolvConf.Parse(await ReadAsync(resolvConf, cancellation).ConfigureAwait(false));
}
