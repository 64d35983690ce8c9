using System.Reflection;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Wire;

public sealed class PoolerErrorsTests
{
    [Fact]
    public void Texts_with_a_name_in_them()
    {
        Assert.Equal("bad packet header: '00ff'", PoolerErrors.BadPacketHeader([0, 255]));
        Assert.Equal("bad packet header: '0001020304050607'", PoolerErrors.BadPacketHeader([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
        Assert.Equal("unsupported startup parameter: x", PoolerErrors.UnsupportedStartupParameter("x"));
        Assert.Equal("unsupported startup parameter in options: x", PoolerErrors.UnsupportedStartupParameterInOptions("x"));
        Assert.Equal("database \"x\" is disabled", PoolerErrors.DatabaseDisabled("x"));
        Assert.Equal("authentication database \"x\" is disabled", PoolerErrors.AuthenticationDatabaseDisabled("x"));
        Assert.Equal("invalid command 'x', use SHOW HELP;", PoolerErrors.InvalidCommand("x"));
        Assert.Equal("database x is not paused", PoolerErrors.DatabaseNotPaused("x"));
        Assert.Equal("cannot pause admin db: pgbouncer", PoolerErrors.CannotTouchAdminDatabase("pause"));
        Assert.Equal("cannot wait in admin db: pgbouncer", PoolerErrors.CannotWaitInAdminDatabase);
        Assert.Equal("unsupported packet type for admin console: 83", PoolerErrors.UnsupportedConsolePacket((byte)'S'));
        Assert.Equal("no such database: x", PoolerErrors.NoSuchDatabaseOnConsole("x"));
    }

    [Fact]
    public void Long_names_and_reasons_are_cut()
    {
        Assert.Equal("no such database: " + new string('d', 63), PoolerErrors.NoSuchDatabase(new string('d', 64)));
        Assert.Equal("server login has been failing, cached error: no (server_login_retry)", PoolerErrors.ServerLoginHasBeenFailing("no"));
        Assert.Equal(
            "server login has been failing, cached error: " + new string('r', 82),
            PoolerErrors.ServerLoginHasBeenFailing(new string('r', 200)));
        Assert.Equal(
            "server login has been failing, cached error: " + new string('r', 70) + " (server_log",
            PoolerErrors.ServerLoginHasBeenFailing(new string('r', 70)));
    }

    [Fact]
    public void Each_text_exists_once()
    {
        var texts = typeof(PoolerErrors)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.IsLiteral)
            .Select(field => (string)field.GetRawConstantValue()!)
            .ToList();

        Assert.NotEmpty(texts);
        Assert.Equal(texts.Count, texts.Distinct().Count());
        Assert.All(texts, text => Assert.DoesNotContain(text, character => char.IsControl(character)));
    }
}
