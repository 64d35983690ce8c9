namespace Pooler.Actors.Admin;

/// <summary>A console session tells the admin actor that it is there; the sender is the session.</summary>
internal sealed record ConsoleOpened
{
    public static ConsoleOpened Instance { get; } = new();
}
