namespace Pooler.Actors.Relay;

/// <summary>How relaying a batch of bytes ended.</summary>
internal enum RelayStatus
{
    /// <summary>Everything was passed on; the exchange goes on.</summary>
    Open,

    /// <summary>The client said Terminate.</summary>
    Terminated,

    /// <summary>The side that the bytes came from broke a rule; the text says which.</summary>
    Broken,
}
