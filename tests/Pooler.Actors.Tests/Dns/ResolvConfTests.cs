using System.Net;
using Pooler.Actors.Dns;

namespace Pooler.Actors.Tests.Dns;

public sealed class ResolvConfTests
{
    [Fact]
    public void AnEmptyFileMeansTheNameServerOfThisMachine()
    {
        var conf = ResolvConf.Parse("");
        Assert.Equal(["127.0.0.1:53"], conf.NameServers.Select(server => server.ToString()));
        Assert.Equal((1, 2, TimeSpan.FromSeconds(5), false), (conf.Dots, conf.Attempts, conf.Timeout, conf.UsesTcp));
    }

    [Fact]
    public void NameServersAreTakenInOrderWithAndWithoutAPort()
    {
        var conf = ResolvConf.Parse("# nameserver 9.9.9.9\n; x\nnameserver 192.0.2.1 # first\n\tnameserver\t2001:db8::1\nnameserver 192.0.2.2:5353\n"
            + "nameserver [::1]:54\nnameserver [192.0.2.3]\nnameserver nonsense\nnameserver\n");
        Assert.Equal(
            [("192.0.2.1", 53), ("2001:db8::1", 53), ("192.0.2.2", 5353), ("::1", 54)], conf.NameServers.Select(server => ($"{server.Address}", server.Port)));
    }

    [Fact]
    public void OptionsAreKeptWithinTheirLimits()
    {
        var conf = ResolvConf.Parse("options ndots:99 timeout:0 attempts:9 use-vc rotate edns0 ndots:x\n");
        Assert.Equal((15, 5, TimeSpan.FromSeconds(1), true), (conf.Dots, conf.Attempts, conf.Timeout, conf.UsesTcp));
    }

    [Theory]
    [InlineData("db", "db.a.example db.b.example db")]
    [InlineData("db.shop", "db.shop db.shop.a.example db.shop.b.example")]
    [InlineData("db.", "db")]
    public void ShortNamesAreLookedForInTheDomainsFirst(string name, string candidates)
    {
        var conf = ResolvConf.Parse("domain c.example\nsearch a.example b.example.\n");
        Assert.Equal(candidates.Split(' '), conf.Candidates(name));
    }

    [Fact]
    public void TheHostsFileGivesAllAddressesOfAName()
    {
        const string Text = "127.0.0.1 localhost\n::1\tlocalhost Ip6-Localhost # db\n#1.1.1.1 db\nnonsense db\n192.0.2.1 x db\n";
        Assert.Equal([IPAddress.Loopback, IPAddress.IPv6Loopback], HostsFile.Find(Text, "LOCALHOST"));
        Assert.Equal([IPAddress.IPv6Loopback], HostsFile.Find(Text, "ip6-localhost"));
        Assert.Equal(["192.0.2.1"], HostsFile.Find(Text, "db").Select(address => address.ToString()));
        Assert.Empty(HostsFile.Find(Text, "192.0.2.1"));
    }
}
