using System.Text;
using Pooler.Host.Process;

namespace Pooler.Host.Cli;

/// <summary>What the program prints when it is asked about itself. Pure.</summary>
internal static class CommandLineTexts
{
    /// <summary>The event loop in the words of the version's line and of the start line.</summary>
    internal const string Loop = "libevent none";

    /// <summary>The event mechanism, as the start line names it.</summary>
    internal const string LoopMethod = "Pooler epoll loop";

    /// <summary>Who resolves host names unless resolv_conf is set: the C library, asked from .NET's threads.</summary>
    internal static string Resolver => LibC.Version is { } version ? "libc-" + version : "libc";

    /// <summary>The TLS library.</summary>
    internal const string Tls = "not available in this version";

    /// <summary>The output of -V, one item a line.</summary>
    internal static string Version(string product)
    {
        var text = new StringBuilder();
        text.Append(product).Append('\n');
        text.Append(Loop).Append(" (").Append(LoopMethod).Append(")\n");
        text.Append("adns: ").Append(Resolver).Append('\n');
        text.Append("tls: ").Append(Tls).Append('\n');
        text.Append("systemd: yes\n");
        return text.ToString();
    }

    /// <summary>The text of the line that says that the pooler is ready.</summary>
    internal static string ProcessUp(string product) => $"process up: {product}, {Loop} (epoll), adns: {Resolver}, tls: {Tls}";

    /// <summary>The output of -h.</summary>
    internal static string Help(string program) =>
        $"""
        {program} is a connection pooler for PostgreSQL.

        Usage:
          {program} [OPTION]... CONFIG_FILE

        Options:
          -d, --daemon         run in background (as a daemon)
          -q, --quiet          run quietly
          -R, --reboot         do an online reboot (not available, use so_reuseport)
          -u, --user=USERNAME  assume identity of USERNAME
          -v, --verbose        increase verbosity
          -V, --version        show version, then exit
          -h, --help           show this help, then exit

        Report bugs to the place where you got Pooler, not to PgBouncer.
        PgBouncer home page, for the settings: <https://www.pgbouncer.org/>

        """;

    /// <summary>What follows the text of a misuse on stderr.</summary>
    internal static string Misuse(string program, string text) =>
        $"""
        {program}: {text}
        Try "{program} --help" for more information.

        """;
}
