using Akka.Configuration.Hocon;

namespace Akka.Hosting;

/// <summary>Values as they may stand in a HOCON text.</summary>
public static class HoconExtensions
{
    /// <summary>The text, in quotes where it needs them.</summary>
    public static string ToHocon(this string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return HoconPrinter.Text(text);
    }

    public static string ToHocon(this bool value) => value ? "on" : "off";
}
