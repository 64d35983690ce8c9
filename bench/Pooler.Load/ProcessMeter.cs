using System.Globalization;

namespace Pooler.Load;

/// <summary>Memory and processor time of the pooler, from /proc.</summary>
internal sealed class ProcessMeter(int processId)
{
    // USER_HZ, which Linux has fixed for all programs.
    private const double TicksPerMillisecond = 0.1;

    /// <summary>Resident memory in KB.</summary>
    public long ResidentKilobytes()
    {
        string line = File.ReadLines(Path("status")).First(candidate => candidate.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    /// <summary>User and system time of all threads so far, in milliseconds.</summary>
    public double ProcessorMilliseconds()
    {
        string text = File.ReadAllText(Path("stat"));

        // Fields are counted from behind the name, which may hold blanks.
        string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerMillisecond;
    }

    /// <summary>Open descriptors; those of another user's process only root may count (-1).</summary>
    public int Descriptors()
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(Path("fd")).Count();
        }
        catch (UnauthorizedAccessException)
        {
            return -1;
        }
    }

    private string Path(string name) => string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/{name}");
}
