using System.Net;
using Pooler.Actors.Dns;

namespace Pooler.Testing.Simulation;

/// <summary>Name servers as the test wants them. Answers in the caller's thread: at once, or when the test says so.</summary>
internal sealed class FakeResolver : IDnsResolver
{
    private readonly Dictionary<string, DnsAnswer> _hosts = [];
    private readonly List<(TaskCompletionSource<DnsAnswer> Question, string Name)> _held = [];

    /// <summary>Serial numbers by zone.</summary>
    internal Dictionary<string, uint> Serials { get; } = [];

    /// <summary>Names that were asked for, in order; those of zones begin with "zone ".</summary>
    internal List<string> Asked { get; } = [];

    /// <summary>Questions for hosts wait for <see cref="Release"/>.</summary>
    internal bool IsHeld { get; set; }

    /// <summary>From now on the name has these addresses; without any it does not exist.</summary>
    internal void Set(string name, params string[] addresses) => _hosts[name] =
        addresses.Length == 0 ? DnsAnswer.Failed(-2) : DnsAnswer.Of(addresses.Select(IPAddress.Parse));

    /// <summary>Answers what was held, by what is true now.</summary>
    internal void Release()
    {
        IsHeld = false;
        var held = _held.ToArray();
        _held.Clear();

        // With a test's own context in place, who awaits the answer would go on in another thread.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        foreach (var (question, name) in held)
        {
            question.SetResult(Answer(name));
        }

        SynchronizationContext.SetSynchronizationContext(context);
    }

    public Task<DnsAnswer> LookUpAsync(string name, CancellationToken cancellation)
    {
        Asked.Add(name);
        if (!IsHeld)
        {
            return Task.FromResult(Answer(name));
        }

        var question = new TaskCompletionSource<DnsAnswer>();
        _held.Add((question, name));
        return question.Task;
    }

    public Task<uint?> FindSerialAsync(string zone, CancellationToken cancellation)
    {
        Asked.Add("zone " + zone);
        return Task.FromResult<uint?>(Serials.TryGetValue(zone, out var serial) ? serial : null);
    }

    private DnsAnswer Answer(string name) => _hosts.GetValueOrDefault(name) ?? DnsAnswer.Failed(-2);
}
