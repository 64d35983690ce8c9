using Pooler.Actors.Servers;
using Pooler.Actors.Tests.Supervision;

namespace Pooler.Actors.Tests.Servers;

public sealed class UnsolicitedMessagesTests
{
    [Fact]
    public void NotificationsAndParametersMayComeAtAnyTimeHoweverTheyAreCut()
    {
        byte[] messages = [.. ScriptedPeer.Frame('A', "\0\0\0\u0001x\0y\0"), .. ScriptedPeer.Frame('S', "TimeZone\0UTC\0")];
        for (var cut = 0; cut <= messages.Length; cut++)
        {
            Assert.Null(UnsolicitedMessages.FindOther(messages.AsSpan(0, cut)));
        }
    }

    [Theory]
    [InlineData('E')]
    [InlineData('N')]
    [InlineData('Z')]
    [InlineData('D')]
    public void NothingElseMay(char type)
    {
        Assert.Equal((byte)type, UnsolicitedMessages.FindOther(ScriptedPeer.Frame(type, "I")));
        Assert.Equal((byte)type, UnsolicitedMessages.FindOther([.. ScriptedPeer.Frame('A', "\0\0\0\u0001x\0y\0"), (byte)type]));
    }
}
