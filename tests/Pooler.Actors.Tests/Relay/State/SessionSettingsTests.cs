using System.Text;
using Pooler.Actors.Relay.State;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Relay.State;

public sealed class SessionSettingsTests
{
    [Theory]
    [InlineData("", "", "")]
    [InlineData("a=1", "a=1", "")]
    [InlineData("a=1 b=2", "b=2 a=1", "")]
    [InlineData("a=1", "", "SET a=1;")]
    [InlineData("", "a=1", "RESET \"a\";")]
    [InlineData("a=1 b=2", "a=3 c=4", "RESET \"c\";SET a=1;SET b=2;")]
    [InlineData("a=1", "a=?", "SET a=1;")]
    [InlineData("", "a=?", "RESET \"a\";")]
    [InlineData("a=1 role=x", "a=1", "RESET SESSION AUTHORIZATION;RESET ROLE;RESET \"a\";SET a=1;SET role=x;")]
    [InlineData("a=1", "a=1 role=x", "RESET SESSION AUTHORIZATION;RESET ROLE;RESET \"a\";SET a=1;")]
    [InlineData("", "session_authorization=x", "RESET SESSION AUTHORIZATION;RESET ROLE;")]
    [InlineData("role=x", "role=x", "")]
    [InlineData("", "user.id=1 x\"y.z=?", "RESET \"user.id\";RESET \"x\"\"y.z\";")]
    public void AServerIsMadeWhatTheClientWants(string wanted, string applied, string expected)
    {
        using var writer = new MessageWriter();
        var (client, server) = (Make(wanted), Make(applied));
        Assert.Equal(expected.Length == 0, SessionSettings.Matches(client, server));
        if (expected.Length > 0)
        {
            SessionSettings.AppendDifferences(writer, client, server);
            Assert.Equal(expected, Encoding.UTF8.GetString(writer.Written));
        }
    }

    [Fact]
    public void NobodyAndNothingMatch()
    {
        Assert.True(SessionSettings.Matches(null, null));
        Assert.True(SessionSettings.Matches(null, new SessionSettings()));
        Assert.False(SessionSettings.Matches(Make("a=1"), null));
    }

    [Theory]
    [InlineData("DISCARD ALL", "")]
    [InlineData("RESET ALL", "role")]
    [InlineData("UNLISTEN *; DISCARD ALL", "")]
    [InlineData("DEALLOCATE ALL", "a, role")]
    public void AResetIsUnderstoodOrNothingIsTrusted(string query, string left)
    {
        var server = Make("a=1 role=x");
        server.OnReset(query);
        Assert.Equal(left.Length == 0 ? "SET" : $"SET {left}", server.Describe(unreplayable: false));
        Assert.Equal(left.Length > 0, server.HasUnreplayable);
    }

    [Fact]
    public void WhatCannotBeMadeAgainIsKnown()
    {
        var settings = new SessionSettings();
        settings.Set("a", [1]);
        Assert.False(settings.HasUnreplayable);
        settings.Set("b", null);
        Assert.Equal("SET b", settings.Describe(unreplayable: true));
        settings.Set("b", [2]);
        Assert.False(settings.HasUnreplayable);
        settings.Set(null, null);
        Assert.True(settings.HasUnreplayable);
        settings.ClearResettable();
        Assert.Equal(0, settings.Count);
        for (var i = 0; i < 1000; i++)
        {
            settings.Set($"x{i}", [1]);
        }

        Assert.Equal(200, settings.Count);
        Assert.True(settings.HasUnreplayable);
        settings.Set("y", new byte[10_000]);
        settings.Clear();
        Assert.False(settings.HasUnreplayable);
    }

    [Fact]
    public void WhatAnotherRoleHasSetIsNotCarried()
    {
        Assert.False(Make("a=1 role=x").HasUnreplayable);
        Assert.Equal("SET b", Make("a=1 role=x b=2").Describe(unreplayable: true));
        Assert.Equal("SET a", Make("session_authorization=x a=1 role=y").Describe(unreplayable: true));
    }

    private static SessionSettings Make(string text)
    {
        var settings = new SessionSettings();
        foreach (var pair in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            settings.Set(pair[..pair.IndexOf('=')], pair.EndsWith('?') ? null : Encoding.UTF8.GetBytes($"SET {pair}"));
        }

        return settings;
    }
}
