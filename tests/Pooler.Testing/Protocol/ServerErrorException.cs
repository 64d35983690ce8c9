namespace Pooler.Testing.Protocol;

/// <summary>A login that was answered with an error; tests look at its exact fields.</summary>
public sealed class ServerErrorException(ErrorFields fields) : Exception($"{fields.Severity} {fields.SqlState}: {fields.Message}")
{
    public ErrorFields Fields { get; } = fields;
}
