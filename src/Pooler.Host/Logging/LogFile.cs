using Pooler.Host.Process;

namespace Pooler.Host.Logging;

/// <summary>
/// A log file opened for appending, so that it may be truncated or shared with another process at any time. Not thread-safe.
/// </summary>
internal sealed class LogFile : IDisposable
{
    private int _descriptor;

    private LogFile(string path, int descriptor)
    {
        Path = path;
        _descriptor = descriptor;
    }

    public string Path { get; }

    /// <summary>Opens or creates the file; <paramref name="error"/> is the system's text.</summary>
    public static bool TryOpen(string path, out LogFile? file, out string error)
    {
        int descriptor = LibC.Open(path, LibC.WriteOnly | LibC.Create | LibC.Append | LibC.CloseOnExec, 0b110_100_100);
        if (descriptor < 0)
        {
            file = null;
            error = LibC.LastErrorText();
            return false;
        }

        file = new LogFile(path, descriptor);
        error = "";
        return true;
    }

    /// <summary>Writes whole lines. What the system refuses is lost: there is nowhere left to report it.</summary>
    public void Write(ReadOnlySpan<byte> lines) => LibC.WriteAll(_descriptor, lines);

    public void Dispose()
    {
        if (_descriptor >= 0)
        {
            _ = LibC.Close(_descriptor);
            _descriptor = -1;
        }
    }
}
