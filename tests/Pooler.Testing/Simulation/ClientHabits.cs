namespace Pooler.Testing.Simulation;

/// <summary>Which of its habits a scripted client has.</summary>
[Flags]
internal enum ClientHabits
{
    Queries = 0,

    /// <summary>BEGIN and COMMIT in requests of their own.</summary>
    Transactions = 1,

    /// <summary>Extended protocol, with several Syncs under way at once.</summary>
    Pipelines = 2,
    Copies = 4,

    /// <summary>SETs of tracked parameters.</summary>
    Parameters = 8,
    Cancels = 16,

    /// <summary>Reads nothing for a while.</summary>
    Stalls = 32,

    /// <summary>Leaves without a word, in the midst of anything.</summary>
    Deaths = 64,

    /// <summary>Sends its first request right behind its startup packet.</summary>
    Haste = 128,

    /// <summary>Named statements, prepared once and used for the rest of the session.</summary>
    Statements = 256,

    /// <summary>Portals with names, and fetched a few rows at a time.</summary>
    Portals = 512,

    /// <summary>Statements on tables that change under them; nobody must notice.</summary>
    Plans = 1024,
    AllButDeaths = Transactions | Pipelines | Copies | Parameters | Cancels | Stalls | Haste | Statements | Portals | Plans,
    All = AllButDeaths | Deaths,
}
