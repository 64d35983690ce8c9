using Pooler.Actors.Admin;

namespace Pooler.Actors.Tests.Admin;

/// <summary>What drivers and their pools send by themselves.</summary>
public sealed class SessionStatementTests
{
    private readonly FakeCommandHost _host = Samples.Host();

    [Theory]
    [InlineData("BEGIN ISOLATION LEVEL READ COMMITTED", "BEGIN", (int)SessionEffectKind.BeginTransaction)]
    [InlineData("begin work;", "BEGIN", (int)SessionEffectKind.BeginTransaction)]
    [InlineData("START TRANSACTION READ ONLY, DEFERRABLE", "START TRANSACTION", (int)SessionEffectKind.BeginTransaction)]
    [InlineData("END", "COMMIT", (int)SessionEffectKind.EndTransaction)]
    [InlineData("ABORT TRANSACTION", "ROLLBACK", (int)SessionEffectKind.EndTransaction)]
    [InlineData("DISCARD ALL", "DISCARD ALL", (int)SessionEffectKind.DiscardAll)]
    [InlineData("CLOSE ALL", "CLOSE CURSOR ALL", (int)SessionEffectKind.CloseAll)]
    [InlineData("DEALLOCATE PREPARE ALL", "DEALLOCATE ALL", (int)SessionEffectKind.DeallocateAll)]
    [InlineData("DEALLOCATE x", "DEALLOCATE", (int)SessionEffectKind.Deallocate)]
    [InlineData("UNLISTEN *", "UNLISTEN", (int)SessionEffectKind.None)]
    [InlineData("RESET ALL", "RESET", (int)SessionEffectKind.None)]
    [InlineData("SET SESSION AUTHORIZATION DEFAULT", "SET", (int)SessionEffectKind.None)]
    [InlineData("SELECT pg_catalog.version()", "SELECT 1", (int)SessionEffectKind.None)]
    [InlineData("-- ping", "", (int)SessionEffectKind.None)]
    public void Is_understood(string text, string tag, int effect)
    {
        Assert.Equal("Done: " + tag, _host.Run(text, AdminRights.ReadOnly));
        Assert.Equal((SessionEffectKind)effect, _host.LastReply!.Effect.Kind);
    }

    [Theory]
    [InlineData("BEGIN x")]
    [InlineData("DISCARD x")]
    [InlineData("RESET timezone")]
    [InlineData("SELECT pg_sleep()")]
    [InlineData("BEGIN; SHOW POOLS")]
    [InlineData("BEGIN; PAUSE")]
    [InlineData("")]
    [InlineData(" ; ")]
    public void Anything_else_is_not(string text) =>
        Assert.Equal($"Error: invalid command '{text}', use SHOW HELP;", _host.Run(text, AdminRights.ReadOnly));

    [Fact]
    public void Several_in_one_text_are_answered_together()
    {
        _host.Run("SET SESSION AUTHORIZATION DEFAULT;RESET ALL;CLOSE ALL;UNLISTEN *;SELECT pg_advisory_unlock_all();DISCARD SEQUENCES;DISCARD TEMP");
        Assert.Equal(
            ["SET", "RESET", "CLOSE CURSOR ALL", "UNLISTEN", "SELECT 1", "DISCARD SEQUENCES", "DISCARD TEMP"],
            _host.LastReply!.Parts.Select(part => part.Text));
    }
}
