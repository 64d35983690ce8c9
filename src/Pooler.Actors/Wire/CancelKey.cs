using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Pooler.Actors.Wire;

/// <summary>
/// The eight bytes of BackendKeyData and CancelRequest: for PostgreSQL process id and secret, for a client of the pooler random bytes whose
/// top bit is clear so that the process id is never negative. The value is compared as a whole.
/// </summary>
public readonly struct CancelKey : IEquatable<CancelKey>
{
    /// <summary>Bytes of a key.</summary>
    public const int Size = 8;

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

    /// <summary>Takes a key of exactly eight bytes; any other length is not a key.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out CancelKey key)
    {
        if (bytes.Length != Size)
        {
            key = default;
            return false;
        }

        key = new CancelKey(bytes);
        return true;
    }

    /// <summary>Writes the eight bytes of the wire.</summary>
    public void CopyTo(Span<byte> destination) => BinaryPrimitives.WriteUInt64BigEndian(destination, _value);

    public bool Equals(CancelKey other) => _value == other._value;

    public override bool Equals(object? obj) => obj is CancelKey other && Equals(other);

    public override int GetHashCode() => _value.GetHashCode();

    public override string ToString() => _value.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
}
