using System.Runtime.InteropServices;
using Pooler.Host.Process;

namespace Pooler.Host.Logging;

/// <summary>
/// The time stamp of log lines, <c>YYYY-MM-DD HH:MM:SS.mmm TZ</c>, in the process's time zone. The C library knows the zone's
/// abbreviation, which .NET does not; it is asked once a second. Not thread-safe.
/// </summary>
internal sealed class LocalTime
{
    private long _second = long.MinValue;
    private string _dateAndTime = "";
    private string _zone = "";

    public void Write(DateTimeOffset time, TextWriter output)
    {
        long milliseconds = time.ToUnixTimeMilliseconds();
        long second = Math.DivRem(milliseconds, 1000, out long fraction);
        if (fraction < 0)
        {
            second--;
            fraction += 1000;
        }

        if (second != _second)
        {
            Refresh(second);
        }

        output.Write(_dateAndTime);
        output.Write((char)('0' + fraction / 100));
        output.Write((char)('0' + fraction / 10 % 10));
        output.Write((char)('0' + fraction % 10));
        output.Write(_zone);
    }

    private unsafe void Refresh(long second)
    {
        LibC.BrokenDownTime fields = default;
        if (LibC.LocalTime(&second, &fields) == null)
        {
            DateTimeOffset utc = DateTimeOffset.FromUnixTimeSeconds(second);
            _dateAndTime = $"{utc:yyyy-MM-dd HH:mm:ss}.";
            _zone = " UTC";
        }
        else
        {
            _dateAndTime = $"{fields.Year + 1900:D4}-{fields.Month + 1:D2}-{fields.Day:D2} {fields.Hour:D2}:{fields.Minute:D2}:{fields.Second:D2}.";
            _zone = " " + (Marshal.PtrToStringUTF8((nint)fields.Zone) ?? "");
        }

        _second = second;
    }
}
