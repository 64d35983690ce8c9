using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Wire;

public sealed class CancelKeyTests
{
    [Fact]
    public void A_key_is_its_eight_bytes()
    {
        byte[] bytes = [0, 0, 1, 2, 0xFF, 0xFF, 0xFF, 0xFE];
        Assert.True(BackendKeyData.TryRead(bytes, out var key));
        var copy = new byte[CancelKey.Size];
        key.CopyTo(copy);

        Assert.Equal(bytes, copy);
        Assert.Equal(258, key.ProcessId);
        Assert.Equal(-2, key.SecretKey);
        Assert.Equal("00000102fffffffe", key.ToString());
        Assert.Equal(new CancelKey(bytes), key);
        Assert.True(key == new CancelKey(bytes));
        Assert.True(key != default);
        Assert.Equal(new CancelKey(bytes).GetHashCode(), key.GetHashCode());
    }

    [Fact]
    public void Any_other_length_is_no_key()
    {
        for (var length = 0; length < 20; length++)
        {
            Assert.Equal(length == 8, CancelKey.TryRead(new byte[length], out _));
        }
    }

    [Fact]
    public void New_keys_differ_and_have_no_negative_process_id()
    {
        var keys = Enumerable.Range(0, 1000).Select(_ => CancelKey.Create()).ToList();

        Assert.Equal(1000, keys.Distinct().Count());
        Assert.All(keys, key => Assert.True(key.ProcessId >= 0));
    }
}
