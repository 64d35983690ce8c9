namespace Pooler.Testing;

/// <summary>
/// A directory of one test below the system's temporary directory. Everybody may write there, because the programs under test run as another
/// user when the tests run as root. Its path is short: unix sockets in it have to fit into 107 bytes.
/// </summary>
public sealed class TestDirectory : IDisposable
{
    private const UnixFileMode Everybody =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute |
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute |
        UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    public TestDirectory(string prefix)
    {
        Path = Directory.CreateTempSubdirectory(prefix + "-").FullName;
        File.SetUnixFileMode(Path, Everybody);
    }

    public string Path { get; }

    /// <summary>Writes a file that every user may read.</summary>
    public string Write(string name, string text)
    {
        string path = System.IO.Path.Combine(Path, name);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        return path;
    }

    public void Dispose()
    {
        try
        {
            // DirectoryNotFoundException is an IOException: a second call does nothing.
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // A program that is still going down may write into it; a left-over in the temporary directory harms nobody.
        }
        catch (UnauthorizedAccessException)
        {
            // The same, for a file of another user.
        }
    }
}
