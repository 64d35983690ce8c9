using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Wire;

public sealed class CancelKeyTests
{
    [Fact]
    public void A_key_is_its_eight_bytes()
    {
        byte[] bytes = [0, 0, 1, 2, 0xFF, 0xFF, 0xFF, 0xFE];
        Assert.True(BackendKeyData.TryRead(bytes, out var key, out var tail));
        var copy = new byte[CancelKey.Size];
        key.CopyTo(copy);

        Assert.Equal(bytes, copy);
        Assert.True(tail.IsEmpty);
        Assert.Equal(258, key.ProcessId);
        Assert.Equal(-2, key.SecretKey);
        Assert.Equal("00000102fffffffe", key.ToString());
        Assert.Equal(new CancelKey(bytes), key);
        Assert.True(key == new CancelKey(bytes));
        Assert.True(key != default);
        Assert.Equal(new CancelKey(bytes).GetHashCode(), key.GetHashCode());
    }

    [Fact]
    public void A_key_has_a_process_id_and_4_to_256_bytes_of_secret()
    {
        var bytes = Enumerable.Range(0, 300).Select(i => (byte)i).ToArray();
        for (var length = 0; length <= bytes.Length; length++)
        {
            Assert.Equal(length is >= 8 and <= 260, CancelKey.TryRead(bytes.AsSpan(0, length), out var key, out var tail));
            if (length is >= 8 and <= 260)
            {
                Assert.Equal(new CancelKey(bytes.AsSpan(0, 8)), key);
                Assert.Equal(bytes[8..length], tail);
            }
        }
    }

    [Fact]
    public void A_clients_tail_belongs_to_its_eight_bytes_alone()
    {
        var (key, other) = (CancelKey.Create(), CancelKey.Create());
        var tail = new byte[CancelKeyTail.Size];
        CancelKeyTail.Make(key, tail);
        var again = new byte[CancelKeyTail.Size];
        CancelKeyTail.Make(key, again);

        Assert.Equal(tail, again);
        Assert.True(CancelKeyTail.Fits(key, tail, isLong: true));
        Assert.False(CancelKeyTail.Fits(other, tail, isLong: true));
        Assert.False(CancelKeyTail.Fits(key, tail.AsSpan(1), isLong: true));
        Assert.False(CancelKeyTail.Fits(key, [.. tail, 0], isLong: true));
        Assert.False(CancelKeyTail.Fits(key, [], isLong: true));
        Assert.False(CancelKeyTail.Fits(key, tail, isLong: false));
        Assert.True(CancelKeyTail.Fits(key, [], isLong: false));
        for (var i = 0; i < tail.Length; i++)
        {
            tail[i] ^= 1;
            Assert.False(CancelKeyTail.Fits(key, tail, isLong: true), $"byte {i}");
            tail[i] ^= 1;
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
