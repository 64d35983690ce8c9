namespace Pooler.Testing.Protocol;

/// <summary>What an ErrorResponse or NoticeResponse says.</summary>
public sealed record ErrorFields(string Severity, string SqlState, string Message, string? Detail);
