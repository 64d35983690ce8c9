namespace Pooler.Testing.Programs;

/// <summary>What a finished program left: its exit code and both outputs.</summary>
public sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>The standard output, after checking that the program succeeded.</summary>
    public string Succeeded() =>
        ExitCode == 0 ? Output : throw new InvalidOperationException($"exit code {ExitCode}: {Error}{Output}");
}
