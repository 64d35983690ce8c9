namespace Akka.Hosting;

/// <summary>Where added HOCON goes in relation to what was added before.</summary>
public enum HoconAddMode
{
    /// <summary>Behind: it answers for what is missing.</summary>
    Append = 0,

    /// <summary>In front: it overrides.</summary>
    Prepend = 1,

    /// <summary>Instead.</summary>
    Replace = 2,
}
