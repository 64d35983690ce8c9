using Pooler.Host.Logging;
using Serilog.Events;

namespace Pooler.Host.Tests.Logging;

public sealed class SyslogTests
{
    [Theory]
    [InlineData("daemon", 3)]
    [InlineData("user", 1)]
    [InlineData("auth", 4)]
    [InlineData("authpriv", 10)]
    [InlineData("local0", 16)]
    [InlineData("LOCAL7", 23)]
    [InlineData("nonsense", 3)]
    [InlineData("", 3)]
    public void KnowsTheFacilities(string name, int number)
    {
        Assert.Equal(number * 8, Syslog.FacilityCode(name));
    }

    [Theory]
    [InlineData(LogEventLevel.Fatal, 2)]
    [InlineData(LogEventLevel.Error, 3)]
    [InlineData(LogEventLevel.Warning, 4)]
    [InlineData(LogEventLevel.Information, 6)]
    [InlineData(LogEventLevel.Debug, 7)]
    public void KnowsTheSeverities(LogEventLevel level, int severity)
    {
        Assert.Equal(severity, Syslog.Severity(level));
    }
}
