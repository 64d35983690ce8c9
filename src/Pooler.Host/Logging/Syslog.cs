using System.Runtime.InteropServices;
using Pooler.Host.Process;
using Serilog.Events;

namespace Pooler.Host.Logging;

/// <summary>
/// The connection of this process to syslog. There is one per process, as the C library keeps its state globally. Lines below LOG do
/// not go there. Not thread-safe.
/// </summary>
internal sealed class Syslog : IDisposable
{
    private const int WithProcessId = 0x01;
    private const int ConnectAtOnce = 0x08;

    // The C library keeps the pointer, so the text lives until the log is closed.
    private nint _ident;

    public Syslog(string ident, string facility)
    {
        Ident = ident;
        Facility = facility;
        _ident = Marshal.StringToCoTaskMemUTF8(ident);
        LibC.OpenLog(_ident, WithProcessId | ConnectAtOnce, FacilityCode(facility));
    }

    public string Ident { get; }

    public string Facility { get; }

    /// <summary>The number of a facility's name (syslog(3), shifted by three); daemon's for an unknown one.</summary>
    public static int FacilityCode(string name)
    {
        int number = name.ToLowerInvariant() switch
        {
            "user" => 1,
            "auth" => 4,
            "authpriv" => 10,
            "local0" => 16,
            "local1" => 17,
            "local2" => 18,
            "local3" => 19,
            "local4" => 20,
            "local5" => 21,
            "local6" => 22,
            "local7" => 23,
            _ => 3,
        };
        return number << 3;
    }

    /// <summary>The severity of RFC 5424 for a level.</summary>
    public static int Severity(LogEventLevel level) => level switch
    {
        LogEventLevel.Fatal => 2,
        LogEventLevel.Error => 3,
        LogEventLevel.Warning => 4,
        LogEventLevel.Information => 6,
        _ => 7,
    };

    /// <summary>Sends one message. The text is the C library's format string, so percent signs are doubled.</summary>
    public static void Write(LogEventLevel level, string message)
    {
        if (message.Contains('%', StringComparison.Ordinal))
        {
            message = message.Replace("%", "%%", StringComparison.Ordinal);
        }

        LibC.WriteSyslog(Severity(level), message);
    }

    public void Dispose()
    {
        if (_ident == 0)
        {
            return;
        }

        LibC.CloseLog();
        Marshal.FreeCoTaskMem(_ident);
        _ident = 0;
    }
}
