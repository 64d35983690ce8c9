using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Pooler.Host.Process;

/// <summary>The file that names the running process, and the guard against a second one with the same configuration.</summary>
internal sealed class PidFile
{
    private const int MaxLength = 64;

    private readonly string _path;
    private readonly int _processId;
    private bool _isOurs;

    /// <param name="path">The setting pidfile.</param>
    /// <param name="processId">The id of this process.</param>
    public PidFile(string path, int processId)
    {
        _path = path;
        _processId = processId;
    }

    /// <summary>
    /// Looks for another instance before anything is opened. A file left by a process that is gone is removed, and
    /// <paramref name="isStale"/> tells so.
    /// </summary>
    /// <returns>False with the text of the fatal line if the process must not start.</returns>
    public bool TryCheck(out bool isStale, [NotNullWhen(false)] out string? fatalText)
    {
        isStale = false;
        fatalText = null;
        string content;
        try
        {
            content = ReadStart(_path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            fatalText = $"could not read pidfile '{_path}': {e.Message}";
            return false;
        }

        if (content.Length == 0)
        {
            fatalText = $"could not read pidfile '{_path}': the file is empty";
            return false;
        }

        if (!TryParse(content, out int processId) || IsOther(processId))
        {
            fatalText = $"pidfile '{_path}' exists, another instance running?";
            return false;
        }

        isStale = true;
        if (LibC.Unlink(_path) != 0)
        {
            fatalText = $"could not remove stale pidfile '{_path}': {LibC.LastErrorText()}";
            return false;
        }

        return true;
    }

    /// <summary>Creates the file; it must not exist. False with the text of the fatal line.</summary>
    public bool TryWrite([NotNullWhen(false)] out string? fatalText)
    {
        const int mode = 0b110_100_100;
        int descriptor = LibC.Open(_path, LibC.WriteOnly | LibC.Create | LibC.Exclusive | LibC.CloseOnExec, mode);
        if (descriptor < 0)
        {
            fatalText = $"could not open pidfile '{_path}': {LibC.LastErrorText()}";
            return false;
        }

        _isOurs = true;
        bool written = LibC.WriteAll(descriptor, Encoding.ASCII.GetBytes(_processId.ToString(CultureInfo.InvariantCulture) + "\n"));
        fatalText = written ? null : $"could not write pidfile '{_path}': {LibC.LastErrorText()}";
        _ = LibC.Close(descriptor);
        return written;
    }

    /// <summary>Removes the file if this process made it. Any thread may call it, more than once.</summary>
    public void Remove()
    {
        if (_isOurs)
        {
            _isOurs = false;
            _ = LibC.Unlink(_path);
        }
    }

    /// <summary>True if a process other than this one has the id. One that may not be signalled counts as running.</summary>
    private bool IsOther(int processId)
    {
        // In a container the id of the last run is often this run's own.
        if (processId == _processId)
        {
            return false;
        }

        return LibC.Kill(processId, 0) == 0 || Marshal.GetLastPInvokeError() != LibC.NoSuchProcess;
    }

    private static bool TryParse(string content, out int processId)
    {
        string text = content.Trim();
        int digits = 0;
        while (digits < text.Length && char.IsAsciiDigit(text[digits]))
        {
            digits++;
        }

        return int.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out processId) && processId > 0;
    }

    private static unsafe string ReadStart(string path)
    {
        int descriptor = LibC.Open(path, LibC.CloseOnExec | LibC.NoControllingTerminal, 0);
        nint count = -1;
        Span<byte> bytes = stackalloc byte[MaxLength];
        if (descriptor >= 0)
        {
            fixed (byte* start = bytes)
            {
                count = LibC.Read(descriptor, start, MaxLength);
            }
        }

        if (count < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            string text = Marshal.GetPInvokeErrorMessage(error);
            if (descriptor >= 0)
            {
                _ = LibC.Close(descriptor);
            }

            throw error == LibC.NoEntry ? new FileNotFoundException(text, path) : new IOException(text);
        }

        _ = LibC.Close(descriptor);
        return Encoding.ASCII.GetString(bytes[..(int)count]);
    }
}
