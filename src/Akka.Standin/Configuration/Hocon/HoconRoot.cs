namespace Akka.Configuration.Hocon;

/// <summary>A parsed document: what an include callback gives and what a <see cref="Config"/> is made from.</summary>
public class HoconRoot
{
    public HoconRoot(HoconValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Value = value;
    }

    public HoconValue Value { get; }
}
