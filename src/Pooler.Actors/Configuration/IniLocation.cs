namespace Pooler.Actors.Configuration;

/// <summary>A line of an ini file, and the %include line that led to that file; lines count from 1.</summary>
internal sealed record IniLocation(string File, int Line, IniLocation? IncludedFrom)
{
    public override string ToString() => $"{File}:{Line}";

    /// <summary>Adds to <paramref name="errors"/> one line for each file whose %include led here, the innermost first.</summary>
    public void AddIncludeErrors(List<string> errors)
    {
        for (IniLocation? at = IncludedFrom; at is not null; at = at.IncludedFrom)
            errors.Add($"error processing include file in configuration ({at}), stopping loading");
    }
}
