namespace Pooler.Actors.Tests.Transport.Epoll;

/// <summary>A test that uses up a descriptor table; skipped where the table is too large to fill.</summary>
internal sealed class SkippableByLimitFactAttribute : FactAttribute
{
    private const long FillableAtMost = 1_100_000;

    public SkippableByLimitFactAttribute()
    {
        var line = File.ReadLines("/proc/self/limits").First(text => text.StartsWith("Max open files", StringComparison.Ordinal));
        var limit = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];
        if (!long.TryParse(limit, out var count) || count > FillableAtMost)
        {
            Skip = $"The limit of open files is {limit}.";
        }
    }
}
