using System.Text;

namespace Pooler.Host.Process;

/// <summary>The arguments of the process as the kernel has them, the program's name first.</summary>
internal static class ProgramArguments
{
    /// <summary>All arguments, byte for byte; empty if the kernel does not say.</summary>
    public static byte[] Raw()
    {
        try
        {
            return File.ReadAllBytes("/proc/self/cmdline");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The name by which the program was called, for texts about itself.</summary>
    /// <param name="argumentCount">How many arguments the program got.</param>
    public static string ProgramName(int argumentCount)
    {
        byte[] raw = Raw();
        int count = raw.AsSpan().Count((byte)0);

        // Started as "dotnet pooler.dll" there is one argument more, and the first names the runtime.
        if (count == argumentCount + 1)
        {
            return Encoding.UTF8.GetString(raw, 0, Array.IndexOf(raw, (byte)0));
        }

        return Environment.GetCommandLineArgs()[0];
    }
}
