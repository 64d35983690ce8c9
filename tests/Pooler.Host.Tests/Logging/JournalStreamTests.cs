using Pooler.Host.Logging;
using Pooler.Host.Process;

namespace Pooler.Host.Tests.Logging;

public sealed class JournalStreamTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void RecognisesItsFileByDeviceAndInode()
    {
        string path = _folder.File("journal");
        int descriptor = LibC.Open(path, LibC.WriteOnly | LibC.Create | LibC.CloseOnExec, 0b110_100_100);
        string identity = ProgramResult.Of("stat", "-c", "%d:%i", path).Output.Trim();

        Assert.True(JournalStream.IsJournal(identity, descriptor));
        Assert.False(JournalStream.IsJournal(identity + "1", descriptor));
        Assert.False(JournalStream.IsJournal("1" + identity, descriptor));
        _ = LibC.Close(descriptor);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("12")]
    [InlineData("a:b")]
    [InlineData("1:")]
    public void TakesNothingElseForAJournal(string? variable)
    {
        Assert.False(JournalStream.IsJournal(variable, 2));
    }
}
