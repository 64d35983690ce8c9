using Pooler.Actors.Relay.Prepared;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Relay.Prepared;

public sealed class RowShapeTests
{
    private static readonly ColumnDescription[] Two = [new("id", PostgresTypes.Int4), new("word", PostgresTypes.Text)];

    [Fact]
    public void ADescriptionThatSaysTheSameIsTheSame()
    {
        var first = Read(Describe(Two));
        Assert.Same(first, Read(Describe(Two), first));
        Assert.True(Read(Describe(Two)).IsSame(first));

        // Table, length, modifier and format are no matter of the shape.
        var other = Describe(Two);
        var at = FrameHeader.Size + sizeof(short) + "id\0".Length;
        Array.Fill(other, (byte)7, at, sizeof(int) + sizeof(short));
        Array.Fill(other, (byte)7, at + 10, 8);
        Assert.Same(first, Read(other, first));
    }

    [Fact]
    public void AColumnWithAnotherTypeOrNameOrPlaceIsAnother()
    {
        var told = Read(Describe(Two));
        ColumnDescription[][] others =
        [
            [new("id", PostgresTypes.Int8), Two[1]],
            [new("ix", PostgresTypes.Int4), Two[1]],
            [Two[1], Two[0]],
            [Two[0]],
            [.. Two, new("new", PostgresTypes.Int4)],
            [new("new", PostgresTypes.Int4), .. Two],
        ];
        Assert.All(others, other => Assert.False(Read(Describe(other)).IsSame(told)));
    }

    [Fact]
    public void NoResultIsOneToo()
    {
        byte[] noData = [BackendMessage.NoData, 0, 0, 0, 4];
        Assert.True(Read(noData).IsSame(Read(noData)));
        Assert.False(Read(noData).IsSame(Read(Describe(Two))));
    }

    [Fact]
    public void WhatCannotBeReadMayBeAnything()
    {
        var whole = Describe(Two);
        var told = Read(whole);
        for (var length = FrameHeader.Size; length < whole.Length; length++)
        {
            var part = Read(whole[..length], told);
            Assert.Same(RowShape.Unknown, part);
            Assert.True(part.IsSame(told));
            Assert.True(told.IsSame(part));
        }

        Assert.Same(RowShape.Unknown, Read(Describe([.. Enumerable.Range(0, 400).Select(n => new ColumnDescription($"a column with a name {n}", PostgresTypes.Int4))])));
    }

    private static RowShape Read(byte[] message, RowShape? known = null) => RowShape.Read(message, known);

    private static byte[] Describe(ColumnDescription[] columns)
    {
        MessageWriter writer = new();
        writer.WriteRowDescription(columns);
        return writer.Written.ToArray();
    }
}
