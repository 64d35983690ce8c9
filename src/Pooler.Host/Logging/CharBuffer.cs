using System.Text;

namespace Pooler.Host.Logging;

/// <summary>A text writer that keeps its characters and its memory from line to line. Not thread-safe.</summary>
internal sealed class CharBuffer : TextWriter
{
    private char[] _characters = new char[512];
    private int _count;

    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>What was written since the last <see cref="Clear"/>.</summary>
    public ReadOnlySpan<char> Written => _characters.AsSpan(0, _count);

    public void Clear() => _count = 0;

    public override void Write(char value)
    {
        if (_count == _characters.Length)
        {
            Grow(1);
        }

        _characters[_count++] = value;
    }

    public override void Write(ReadOnlySpan<char> buffer)
    {
        if (_characters.Length - _count < buffer.Length)
        {
            Grow(buffer.Length);
        }

        buffer.CopyTo(_characters.AsSpan(_count));
        _count += buffer.Length;
    }

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    private void Grow(int more) => Array.Resize(ref _characters, Math.Max(_characters.Length * 2, _count + more));
}
