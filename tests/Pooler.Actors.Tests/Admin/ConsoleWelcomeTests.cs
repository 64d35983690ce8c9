using Pooler.Actors.Admin;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Admin;

public sealed class ConsoleWelcomeTests
{
    private static readonly string[] Parameters =
    [
        "S server_version=1.25.2/bouncer", "S client_encoding=UTF8", "S server_encoding=UTF8", "S DateStyle=ISO", "S TimeZone=GMT",
        "S standard_conforming_strings=on", "S is_superuser=on",
    ];

    [Fact]
    public void Has_the_consoles_parameters_key_and_ready()
    {
        using var writer = new MessageWriter();
        ConsoleWelcome.Write(writer, [], default, default, null);
        Assert.Equal([.. Parameters, "K", "Z I"], Messages.Read(writer.Written));
    }

    [Fact]
    public void Repeats_what_the_client_gave_and_tells_the_notice()
    {
        using var writer = new MessageWriter();
        ConsoleWelcome.Write(writer, [new("application_name", "psql")], default, default, "maintenance at noon");
        Assert.Equal([.. Parameters, "S application_name=psql", "K", "N NOTICE 00000 maintenance at noon", "Z I"], Messages.Read(writer.Written));
    }
}
