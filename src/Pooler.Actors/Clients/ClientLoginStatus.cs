namespace Pooler.Actors.Clients;

/// <summary>How a client's login stands.</summary>
internal enum ClientLoginStatus
{
    /// <summary>The client's answer is awaited.</summary>
    Pending,

    /// <summary>The client is who it says.</summary>
    Passed,

    /// <summary>It ends with a fatal error.</summary>
    Refused,

    /// <summary>It ends without a word.</summary>
    Ended,
}
