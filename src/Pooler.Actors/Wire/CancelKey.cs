using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Pooler.Actors.Wire;

/// <summary>
/// The eight bytes of BackendKeyData and CancelRequest: for PostgreSQL process id and secret, for a client of the pooler random bytes whose
/// top bit is clear so that the process id is never negative. The value is compared as a whole. Since protocol 3.2 a key may be longer; then these are its
/// first eight bytes, and the rest is its tail (<see cref="CancelKeyTail"/>).
/// </summary>
public readonly struct CancelKey : IEquatable<CancelKey>
{
    /// <summary>Bytes of a key of protocol 3.0, the fewest that any key has.</summary>
    public const int Size = 8;

    /// <summary>The most bytes of a key: a process id and 256 bytes of secret.</summary>
    public const int LargestSize = 260;

    private const int StockSize = 128 * Size;

    [ThreadStatic]
    private static byte[]? _stock;

    [ThreadStatic]
    private static int _stockLeft;

    private readonly ulong _value;

    /// <summary>Takes the key from its eight bytes on the wire.</summary>
    public CancelKey(ReadOnlySpan<byte> bytes) => _value = BinaryPrimitives.ReadUInt64BigEndian(bytes);

    private CancelKey(ulong value) => _value = value;

    /// <summary>The first four bytes: what a client shows as the process id of its backend.</summary>
    public int ProcessId => (int)(_value >> 32);

    /// <summary>The last four bytes.</summary>
    public int SecretKey => (int)_value;

    public static bool operator ==(CancelKey left, CancelKey right) => left.Equals(right);

    public static bool operator !=(CancelKey left, CancelKey right) => !left.Equals(right);

    /// <summary>A new unpredictable key for a client. Any thread may call.</summary>
    public static CancelKey Create()
    {
        // The generator's cost lies in the call, not in the bytes: each thread draws for many keys at a time.
        var stock = _stock ??= new byte[StockSize];
        if (_stockLeft == 0)
        {
            RandomNumberGenerator.Fill(stock);
            _stockLeft = StockSize;
        }

        _stockLeft -= Size;
        var bytes = stock.AsSpan(_stockLeft, Size);
        var key = new CancelKey(BinaryPrimitives.ReadUInt64BigEndian(bytes) & 0x7FFF_FFFF_FFFF_FFFF);
        bytes.Clear();
        return key;
    }

    /// <summary>Takes a whole key; what is shorter or longer than any key is not one. <paramref name="tail"/>: what is behind the first eight bytes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out CancelKey key, out ReadOnlySpan<byte> tail)
    {
        if (bytes.Length is < Size or > LargestSize)
        {
            key = default;
            tail = default;
            return false;
        }

        key = new CancelKey(bytes);
        tail = bytes[Size..];
        return true;
    }

    /// <summary>Writes the eight bytes of the wire.</summary>
    public void CopyTo(Span<byte> destination) => BinaryPrimitives.WriteUInt64BigEndian(destination, _value);

    public bool Equals(CancelKey other) => _value == other._value;

    public override bool Equals(object? obj) => obj is CancelKey other && Equals(other);

    public override int GetHashCode() => _value.GetHashCode();

    public override string ToString() => _value.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
}
