using System.Diagnostics;

namespace Akka.Standin.Tests.Api;

/// <summary>eng/fetch-akka and Directory.Build.props agree about which source of Akka's API is used.</summary>
public sealed class FetchAkkaTests : IDisposable
{
    private const string Version = "9.8.7";

    private readonly string _cache = Directory.CreateTempSubdirectory("fetch-akka-").FullName;

    public void Dispose() => Directory.Delete(_cache, recursive: true);

    [Fact]
    public async Task Packages_in_the_cache_are_used()
    {
        Cache("akka", whole: true);
        Cache("akka.hosting", whole: true);

        Assert.Equal("Akka: packages of version 9.8.7\n", await FetchAsync());
        Assert.Equal("nuget\n", await AkkaSourceAsync());
    }

    [Fact]
    public async Task A_restore_that_was_cut_off_does_not_count()
    {
        Cache("akka", whole: true);
        Cache("akka.hosting", whole: false);

        Assert.Equal("Akka: the stand-in (src/Akka.Standin); packages of version 9.8.7 cannot be had here\n", await FetchAsync());
        Assert.Equal("standin\n", await AkkaSourceAsync());
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Pooler.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run inside the repository");
        }

        return folder.FullName;
    }

    private void Cache(string package, bool whole)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_cache, package, Version)).FullName;
        if (whole)
        {
            File.WriteAllText(Path.Combine(folder, ".nupkg.metadata"), "{}");
        }
    }

    private Task<string> FetchAsync() => RunAsync(Path.Combine(Root(), "eng/fetch-akka"), "PATH", PathWithFailingDotnet());

    private Task<string> AkkaSourceAsync() => RunAsync(
        "dotnet", "MSBUILDDISABLENODEREUSE", "1", "msbuild", Path.Combine(Root(), "src/Pooler.Actors/Pooler.Actors.csproj"),
        $"-p:AkkaVersion={Version}", "-getProperty:AkkaSource");

    /// <summary>A folder with a dotnet that fails at once, before the real ones: the script must then fall back.</summary>
    private string PathWithFailingDotnet()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_cache, "bin")).FullName;
        File.CreateSymbolicLink(Path.Combine(folder, "dotnet"), "/bin/false");
        return $"{folder}:{Environment.GetEnvironmentVariable("PATH")}";
    }

    private async Task<string> RunAsync(string command, string variable, string value, params string[] arguments)
    {
        var start = new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true };
        start.Environment["NUGET_PACKAGES"] = _cache;
        start.Environment["AKKA_VERSION"] = Version;
        start.Environment[variable] = value;
        start.Environment.Remove("AkkaSource");
        start.Environment.Remove("AkkaVersion");
        using var process = Process.Start(start)!;
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var output = await process.StandardOutput.ReadToEndAsync(timeout.Token);
        await process.WaitForExitAsync(timeout.Token);
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
