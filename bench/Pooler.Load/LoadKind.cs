namespace Pooler.Load;

/// <summary>What is run.</summary>
internal enum LoadKind
{
    /// <summary>Very many clients, a few of them busy.</summary>
    Clients,

    /// <summary>More busy clients than servers.</summary>
    Fairness,
}
