using Akka.Configuration;
using ApiListing;

namespace Akka.Standin.Tests.Api;

/// <summary>
/// The stand-in shows nothing that Akka.NET does not have. Akka.txt and Akka.Hosting.txt beside this file list the public API of Akka.NET 1.5.30,
/// made where the packages can be had by
/// <code>
/// eng/fetch-akka
/// dotnet run --project eng/ApiListing -p:AkkaVersion=1.5.30 -- Akka > tests/Akka.Standin.Tests/Api/Akka.txt
/// dotnet run --project eng/ApiListing -p:AkkaVersion=1.5.30 -- Akka.Hosting > tests/Akka.Standin.Tests/Api/Akka.Hosting.txt
/// </code>
/// and <c>dotnet run --project eng/ApiListing -- Akka.Standin</c> prints the stand-in's.
/// </summary>
public sealed class PublicApiTests
{
    private static readonly PublicApiList Listed = PublicApiList.Load("Akka.txt", "Akka.Hosting.txt");
    private static readonly IReadOnlyList<string> Shown = PublicApi.Of(typeof(Config).Assembly);

    [Fact]
    public void Every_member_is_in_the_list()
    {
        var unknown = Shown.Where(line => !line.StartsWith("T:", StringComparison.Ordinal) && !Listed.HasMember(line)).ToList();

        Assert.True(unknown.Count == 0, "Not members of Akka.NET:\n" + string.Join('\n', unknown));
    }

    [Fact]
    public void Every_type_is_in_the_list_with_its_kind()
    {
        var unknown = Shown.Where(line => line.StartsWith("T:", StringComparison.Ordinal))
            .Select(line => (Line: line, Difference: Listed.DifferenceOf(line)))
            .Where(type => type.Difference is not null)
            .Select(type => $"{type.Difference}\n    {type.Line}")
            .ToList();

        Assert.True(unknown.Count == 0, "Not types of Akka.NET:\n" + string.Join('\n', unknown));
    }

    [Fact]
    public void The_listing_shows_types_and_members()
    {
        Assert.Contains("T:Akka.Configuration.Config : public class", Shown);
        Assert.Contains("M:Akka.Configuration.Config public virtual int GetInt(string path, int default = 0)", Shown);
        Assert.Contains("T:Akka.Hosting.HoconAddMode : public enum int", Shown);
        Assert.Contains("F:Akka.Hosting.HoconAddMode Prepend = 1", Shown);
    }

    [Theory]
    [InlineData("M:Akka.Configuration.Config public virtual int GetInt(string path)")]
    [InlineData("P:Akka.Configuration.Config public virtual bool IsEmpty { get; set; }")]
    [InlineData("M:Akka.Configuration.Config public bool HasPath(string path)")]
    public void A_member_that_differs_is_noticed(string line)
    {
        Assert.False(Listed.HasMember(line));
    }

    [Theory]
    [InlineData("T:Akka.Configuration.Configuration : public class")]
    [InlineData("T:Akka.Configuration.Config : public struct")]
    [InlineData("T:Akka.Configuration.Config : public static class")]
    [InlineData("T:Akka.Configuration.Config : public class; implements System.IDisposable")]
    [InlineData("T:Akka.Configuration.ConfigurationException : public class; base System.ArgumentException")]
    [InlineData("T:Akka.Hosting.HoconAddMode : public enum byte")]
    [InlineData("T:Akka.Hosting.StartupTask : public delegate void (Akka.Actor.ActorSystem system, Akka.Hosting.IActorRegistry registry)")]
    public void A_type_that_differs_is_noticed(string line)
    {
        Assert.NotNull(Listed.DifferenceOf(line));
    }

    [Theory]
    [InlineData("T:Akka.Configuration.Config : public sealed class")]
    [InlineData("T:Akka.Configuration.ConfigurationException : public class; base System.Exception")]
    [InlineData("T:Akka.Hosting.IActorRegistry : public interface")]
    [InlineData("T:Akka.Hosting.ActorRegistry : public class; implements Akka.Hosting.IReadOnlyActorRegistry")]
    public void A_type_may_show_less(string line)
    {
        Assert.Null(Listed.DifferenceOf(line));
    }
}
