using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Wire;

public sealed class WireTextTests
{
    [Fact]
    public void Any_bytes_come_back_as_they_were()
    {
        var random = new Random(1);
        for (var i = 0; i < 2000; i++)
        {
            var bytes = new byte[random.Next(12)];
            random.NextBytes(bytes);
            var text = WireText.Decode(bytes);

            Assert.Equal(bytes.Length, WireText.ByteCount(text));
            Assert.Equal(bytes, WireText.Encode(text));
        }
    }

    [Theory]
    [InlineData("ASCII")]
    [InlineData("Ünïcödé €")]
    [InlineData("𝄞 and 🐘")]
    public void Valid_text_is_ordinary_text(string text)
    {
        Assert.Equal(text, WireText.Decode(System.Text.Encoding.UTF8.GetBytes(text)));
        Assert.Equal(System.Text.Encoding.UTF8.GetBytes(text), WireText.Encode(text));
    }

    [Fact]
    public void Cutting_never_splits_a_character()
    {
        Assert.Equal("aé", WireText.Truncate("aéé", 4));
        Assert.Equal("aéé", WireText.Truncate("aéé", 5));
        Assert.Equal("", WireText.Truncate("€", 2));
        Assert.Equal(new string('x', 63), WireText.Truncate(new string('x', 70), 63));
    }
}
