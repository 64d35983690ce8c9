namespace Pooler.Actors.Tests.Configuration;

/// <summary>The files of folder Data beside this one.</summary>
internal static class TestData
{
    public static string Read(string name)
    {
        using Stream stream = typeof(TestData).Assembly.GetManifestResourceStream($"Pooler.Actors.Tests.Configuration.Data.{name}")
            ?? throw new FileNotFoundException("no such test data", name);
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
