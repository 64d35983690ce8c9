namespace Pooler.Actors.Relay;

/// <summary>How relaying a batch of bytes ended.</summary>
/// <param name="Status">Whether the exchange goes on.</param>
/// <param name="Text">The reason of an end, as the client and the log get it.</param>
/// <param name="Left">Bytes at the end of the batch that were not looked at: they are to be given again when the server has caught up.</param>
/// <param name="Again">A request that began in an earlier batch and is to be given again before these; null: none.</param>
/// <param name="Complaint">What the log says of an end besides; null: nothing.</param>
internal readonly record struct RelayResult(RelayStatus Status, string? Text = null, int Left = 0, byte[]? Again = null, string? Complaint = null)
{
    public static readonly RelayResult Open = new(RelayStatus.Open);
}
