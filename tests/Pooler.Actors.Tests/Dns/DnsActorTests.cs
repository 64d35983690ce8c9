using System.Net;
using Akka.Actor;
using Pooler.Actors.Configuration;
using Pooler.Actors.Dns;
using Pooler.Actors.Tests.Admin;
using Pooler.Actors.Tests.Supervision;
using Pooler.Actors.Wire;
using Pooler.Testing.Simulation;
using Serilog.Core;

namespace Pooler.Actors.Tests.Dns;

/// <summary>When names are looked up, and what a new answer does to servers that are there.</summary>
public sealed class DnsActorTests
{
    private const string Databases = "db = host=db.example\nother = host=db.example";

    [Fact]
    public void ANameIsLookedUpOncePerLifetime()
    {
        using var pooler = Start("dns_max_ttl = 10");
        pooler.Login();
        pooler.Login(database: "other");
        Assert.Equal(["db.example"], pooler.Resolver.Asked);
        pooler.RunFor(11);
        pooler.Login(user: "other");
        Assert.Equal(2, pooler.Resolver.Asked.Count);
    }

    [Fact]
    public void AnAddressIsNotLookedUp()
    {
        using var pooler = new ScriptedPooler();
        pooler.Login();
        Assert.Empty(pooler.Resolver.Asked);
    }

    [Fact]
    public void AFailureIsKeptForItsOwnLifetime()
    {
        using var pooler = Start("dns_nxdomain_ttl = 10\nserver_login_retry = 1");
        pooler.Resolver.Set("db.example");
        var client = pooler.Connect();
        client.SendStartup();
        pooler.RunFor(9);
        Assert.Equal(["db.example"], pooler.Resolver.Asked);
        Assert.Single(pooler.Log, "Warning DNS lookup failed: db.example: result=-2");
        Assert.True(pooler.Log.Count(line => line.Contains("closing because: server DNS lookup failed (age=0s)", StringComparison.Ordinal)) > 3);
        pooler.Resolver.Set("db.example", "10.0.0.1");
        client.Expect("Z");
    }

    [Fact]
    public void WhoeverWaitsForANameSharesOneLookup()
    {
        using var pooler = Start();
        pooler.Resolver.IsHeld = true;
        var clients = new[] { pooler.Connect(), pooler.Connect() };
        clients[0].SendStartup();
        clients[1].SendStartup(database: "other");
        pooler.Settle();
        Assert.Equal(["db.example"], pooler.Resolver.Asked);
        Assert.Equal((1, 1), (Snapshot(pooler).Queries, Snapshot(pooler).Hosts.Length));
        Assert.Empty(pooler.Servers);
        pooler.Resolver.Release();
        clients[0].Expect("Z");
        clients[1].Expect("Z");
        Assert.Equal(0, Snapshot(pooler).Queries);
    }

    [Fact]
    public void ALookupThatTakesTooLongIsAConnectThatTakesTooLong()
    {
        using var pooler = Start("server_connect_timeout = 3");
        pooler.Resolver.IsHeld = true;
        pooler.Connect().SendStartup();
        pooler.RunFor(4);
        Assert.Contains(pooler.Log, line => line.Contains("closing because: connect timeout", StringComparison.Ordinal));
        pooler.Resolver.Release();
        pooler.Settle();
        Assert.Empty(pooler.Servers);
    }

    [Fact]
    public void AServerAtAnAddressThatIsGoneIsReplaced()
    {
        using var pooler = Start("dns_max_ttl = 10");
        var client = pooler.Login();
        var idle = pooler.Login(user: "other");
        client.Run("begin", pooler.Servers[0], TransactionStatus.InTransaction);
        pooler.Resolver.Set("db.example", "10.0.0.2");
        pooler.RunFor(11);
        Assert.False(pooler.Servers[1].IsGone);

        // Nobody looks before somebody connects.
        pooler.Login(database: "other");
        pooler.Until(() => pooler.Servers[1].IsGone, 1);
        Assert.False(pooler.Servers[0].IsGone);
        client.Run("commit", pooler.Servers[0]);
        pooler.Until(() => pooler.Servers[0].IsGone, 1);
        idle.Query("select 1");
        pooler.Until(() => pooler.Servers.Count == 4);
        pooler.Servers[3].Serve("select 1");
        idle.Expect("Z");
    }

    [Fact]
    public void AServerThatLogsInWhileItsAddressVanishesIsReplacedToo()
    {
        using var pooler = Start("dns_max_ttl = 0");
        pooler.OnLogin = _ => { };
        var client = pooler.Connect();
        client.SendStartup();
        pooler.Until(() => pooler.Servers.Count == 1);
        pooler.Settle();
        pooler.Resolver.Set("db.example", "10.0.0.2");
        pooler.OnLogin = null;
        pooler.Login(database: "other");
        pooler.Servers[0].LogIn();
        client.Expect("Z");
        pooler.Until(() => pooler.Servers[0].IsGone, 1);
    }

    [Fact]
    public void AddressesOfOneNameOfAListAreJudgedByThatNameAlone()
    {
        using var pooler = Start("dns_max_ttl = 0", "db = host=db.example,log.example\nother = host=log.example");
        pooler.Resolver.Set("log.example", "10.0.0.2");
        var (first, second) = (pooler.Login(), pooler.Login());
        first.Run("begin", pooler.Servers[0], TransactionStatus.InTransaction);
        second.Query("select 2");
        pooler.Until(() => pooler.Servers.Count == 2);
        pooler.Servers[1].Serve("select 2");
        Assert.Equal(["10.0.0.1", "10.0.0.2"], pooler.Servers.Select(server => server.Peer.Local.Host));
        pooler.Resolver.Set("log.example", "10.0.0.1");
        pooler.Login(database: "other");
        pooler.Until(() => pooler.Servers[1].IsGone, 1);
        first.Run("commit", pooler.Servers[0]);
        pooler.RunFor(1);
        Assert.False(pooler.Servers[0].IsGone);
    }

    [Fact]
    public void ANewSerialLooksUpEveryNameOfTheZone()
    {
        using var pooler = Start("dns_max_ttl = 1000\ndns_zone_check_period = 5");
        pooler.Resolver.Serials["example"] = 7;
        pooler.Login();
        Assert.Equal(["zone example", "db.example"], pooler.Resolver.Asked.Order().Reverse());
        pooler.RunFor(11);
        Assert.Equal(2, pooler.Resolver.Asked.Count(name => name == "zone example") - 1);
        Assert.Equal(1, pooler.Resolver.Asked.Count(name => name == "db.example"));
        pooler.Resolver.Serials["example"] = 9;
        pooler.Resolver.Set("db.example", "10.0.0.2");
        pooler.Until(() => pooler.Servers[0].IsGone, 7);
        Assert.Contains("Information zone 'example' serial changed: old=7 new=9", pooler.Log);
        Assert.Equal(new DnsSnapshot.Zone("example", 9, 1), Assert.Single(Snapshot(pooler).Zones));
    }

    [Fact]
    public void ALookupUnderWayAtAChangeIsRepeated()
    {
        using var pooler = Start("dns_max_ttl = 0\ndns_zone_check_period = 5");
        pooler.Resolver.Serials["example"] = 7;
        pooler.Login();
        pooler.Resolver.IsHeld = true;
        pooler.Connect().SendStartup("other");
        pooler.Settle();
        pooler.Resolver.Serials["example"] = 8;
        pooler.RunFor(6);
        var asked = pooler.Resolver.Asked.Count;
        pooler.Resolver.Release();
        pooler.Settle();
        Assert.Equal("db.example", Assert.Single(pooler.Resolver.Asked.Skip(asked)));
    }

    [Fact]
    public void ZonesAreCheckedFromTheReloadThatAsksForIt()
    {
        using var pooler = Start("dns_max_ttl = 1000");
        pooler.Resolver.Serials["example"] = 7;
        pooler.Login();
        pooler.RunFor(30);
        Assert.DoesNotContain("zone example", pooler.Resolver.Asked);
        pooler.Reload("dns_max_ttl = 1000\ndns_zone_check_period = 5", Databases);
        Assert.Contains("zone example", pooler.Resolver.Asked);
        pooler.Reload("dns_max_ttl = 1000", Databases);
        var asked = pooler.Resolver.Asked.Count;
        pooler.RunFor(30);
        Assert.Equal(asked, pooler.Resolver.Asked.Count);
    }

    [Fact]
    public void AResolvConfThatIsNotThereIsWarnedAbout()
    {
        using var pooler = Start("resolv_conf = /nowhere/resolv.conf");
        Assert.Contains("Warning could not open resolv_conf file /nowhere/resolv.conf, using the name server of this machine", pooler.Log);
    }

    [Fact]
    public async Task APeriodOfZoneChecksLongerThanAnyTimerDoesNoHarm()
    {
        var system = ActorSystem.Create("dns");
        var resolver = new FakeResolver();
        resolver.Set("db.example", "10.0.0.1");
        var asker = new Probe(system);
        var settings = GlobalSettings.Default with { DnsZoneCheckPeriod = TimeSpan.FromDays(365) };
        system.ActorOf(DnsActor.Props(settings, resolver, Logger.None, TimeProvider.System)).Tell(new ResolveHost("db.example"), asker.Ref);
        Assert.Equal(IPAddress.Parse("10.0.0.1"), (await asker.Expect<HostResolved>()).Address);
        await system.Terminate();
    }

    private static ScriptedPooler Start(string settings = "", string databases = Databases)
    {
        var pooler = new ScriptedPooler(settings, databases);
        pooler.Listen("10.0.0.2");
        pooler.Resolver.Set("db.example", "10.0.0.1");
        return pooler;
    }

    private static DnsSnapshot Snapshot(ScriptedPooler pooler)
    {
        pooler.Tell("dns", new CollectDns(1));
        pooler.Settle();
        return pooler.Answers.OfType<DnsCollected>().Last().Snapshot;
    }
}
