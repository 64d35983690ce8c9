using System.Text;
using Pooler.Host.Process;
using Serilog.Core;
using Serilog.Events;

namespace Pooler.Host.Logging;

/// <summary>
/// The sink behind all loggers: each event is formatted once per style and written to stderr, the log file and syslog, as far as they are
/// on. Writes happen on the caller's thread, one at a time, so that lines are in order and nothing is lost when the process ends.
/// </summary>
internal sealed class LogOutput : ILogEventSink, IDisposable
{
    private const int StandardError = 2;

    private readonly object _gate = new();
    private readonly CharBuffer _characters = new();
    private readonly LineFormatter _full;
    private readonly LineFormatter _levelOnly;
    private readonly LineFormatter _messageOnly;
    private readonly bool _isJournal;
    private readonly int _errorDescriptor;
    private byte[] _bytes = new byte[1024];
    private LogEventLevel? _errorThreshold = LogEventLevel.Verbose;
    private LogFile? _file;
    private Syslog? _syslog;

    /// <param name="processId">The id that lines show.</param>
    /// <param name="journalStream">The value of JOURNAL_STREAM.</param>
    /// <param name="errorDescriptor">The descriptor to use as stderr.</param>
    public LogOutput(int processId, string? journalStream, int errorDescriptor = StandardError)
    {
        var localTime = new LocalTime();
        _full = new LineFormatter(LineStyle.Full, localTime, processId);
        _levelOnly = new LineFormatter(LineStyle.LevelOnly, localTime, processId);
        _messageOnly = new LineFormatter(LineStyle.MessageOnly, localTime, processId);
        _isJournal = JournalStream.IsJournal(journalStream, errorDescriptor);
        _errorDescriptor = errorDescriptor;
    }

    /// <summary>What goes to stderr at least; null: nothing.</summary>
    public void SetErrorThreshold(LogEventLevel? threshold)
    {
        lock (_gate)
        {
            _errorThreshold = threshold;
        }
    }

    /// <summary>
    /// Switches file and syslog to what the settings say and opens the file anew. If it cannot be opened the old one stays in use and
    /// <paramref name="error"/> says why.
    /// </summary>
    public bool TryApply(LogSettings settings, out string error)
    {
        lock (_gate)
        {
            ApplySyslog(settings);
            return TryApplyFile(settings.LogFile, out error);
        }
    }

    public void Emit(LogEvent logEvent)
    {
        lock (_gate)
        {
            bool toError = _errorThreshold is { } threshold && logEvent.Level >= threshold;
            if (toError && _isJournal)
            {
                LibC.WriteAll(_errorDescriptor, Encode(logEvent, _levelOnly));
                toError = false;
            }

            if (toError || _file is not null)
            {
                ReadOnlySpan<byte> line = Encode(logEvent, _full);
                if (toError)
                {
                    LibC.WriteAll(_errorDescriptor, line);
                }

                _file?.Write(line);
            }

            if (_syslog is not null && logEvent.Level >= LogEventLevel.Information)
            {
                _characters.Clear();
                _messageOnly.Format(logEvent, _characters);
                Syslog.Write(logEvent.Level, new string(_characters.Written[..^1]));
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _file?.Dispose();
            _file = null;
            _syslog?.Dispose();
            _syslog = null;
        }
    }

    private bool TryApplyFile(string path, out string error)
    {
        LogFile? opened = null;
        if (path.Length > 0 && !LogFile.TryOpen(path, out opened, out error))
        {
            return false;
        }

        _file?.Dispose();
        _file = opened;
        error = "";
        return true;
    }

    private void ApplySyslog(LogSettings settings)
    {
        if (_syslog is not null
            && (!settings.Syslog || _syslog.Ident != settings.SyslogIdent || _syslog.Facility != settings.SyslogFacility))
        {
            _syslog.Dispose();
            _syslog = null;
        }

        if (settings.Syslog)
        {
            _syslog ??= new Syslog(settings.SyslogIdent, settings.SyslogFacility);
        }
    }

    private ReadOnlySpan<byte> Encode(LogEvent logEvent, LineFormatter formatter)
    {
        _characters.Clear();
        formatter.Format(logEvent, _characters);
        int most = Encoding.UTF8.GetMaxByteCount(_characters.Written.Length);
        if (_bytes.Length < most)
        {
            _bytes = new byte[most];
        }

        return _bytes.AsSpan(0, Encoding.UTF8.GetBytes(_characters.Written, _bytes));
    }
}
