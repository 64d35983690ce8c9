using System.Diagnostics.CodeAnalysis;

namespace Pooler.Actors.Configuration;

/// <summary>Configuration files on the disk, UTF-8; relative paths start at the working directory. Any thread may use it.</summary>
public sealed class DiskSettingsFiles : ISettingsFiles
{
    public static DiskSettingsFiles Instance { get; } = new();

    public bool TryRead(string path, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? error)
    {
        text = null;
        error = null;
        try
        {
            if (path.Length == 0)
                error = "No such file or directory";
            else if (Directory.Exists(path))
                error = "Is a directory";
            else
                text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            error = "No such file or directory";
        }
        catch (UnauthorizedAccessException)
        {
            error = "Permission denied";
        }
        catch (PathTooLongException)
        {
            error = "File name too long";
        }
        catch (Exception e) when (e is IOException or ArgumentException or NotSupportedException)
        {
            error = e.Message;
        }

        return text is not null;
    }
}
