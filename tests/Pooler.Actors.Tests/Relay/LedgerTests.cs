using Pooler.Actors.Relay;

namespace Pooler.Actors.Tests.Relay;

public sealed class LedgerTests
{
    private readonly Ledger _ledger = new();

    [Fact]
    public void SimpleQueryIsSettledByReadyForQuery()
    {
        Owe(ExpectedResponse.Query);
        Assert.True(Settle("TDDC"));
        Assert.Equal(1, _ledger.Count);
        Assert.True(_ledger.TrySettleReady());
        Assert.Equal(0, _ledger.Count);
    }

    [Fact]
    public void SeveralStatementsInOneQueryAreOneDebt()
    {
        Owe(ExpectedResponse.Query);
        Assert.True(Settle("TDCICTDDC"));
        Assert.True(_ledger.TrySettleReady());
        Assert.False(_ledger.TrySettleReady());
    }

    [Fact]
    public void ExtendedQueryIsSettledStepByStep()
    {
        Owe(ExpectedResponse.Parse, ExpectedResponse.Bind, ExpectedResponse.Describe, ExpectedResponse.Execute, ExpectedResponse.Sync);
        Assert.True(Settle("12TDDC"));
        Assert.Equal(1, _ledger.Count);
        Assert.True(_ledger.TrySettleReady());
        Assert.Equal(0, _ledger.Count);
    }

    [Theory]
    [InlineData('1')]
    [InlineData('2')]
    [InlineData('3')]
    [InlineData('T')]
    [InlineData('n')]
    [InlineData('D')]
    [InlineData('C')]
    [InlineData('I')]
    [InlineData('s')]
    [InlineData('V')]
    [InlineData('G')]
    [InlineData('H')]
    [InlineData('W')]
    [InlineData('d')]
    [InlineData('c')]
    [InlineData('t')]
    [InlineData('K')]
    public void NothingIsSettledThatIsNotOwed(char type) => Assert.False(_ledger.TrySettle((byte)type));

    [Fact]
    public void ReadyForQueryThatNobodyAskedForIsNotSettled() => Assert.False(_ledger.TrySettleReady());

    [Fact]
    public void AnswersOutOfOrderAreNotSettled()
    {
        Owe(ExpectedResponse.Parse, ExpectedResponse.Bind, ExpectedResponse.Sync);
        Assert.False(_ledger.TrySettle((byte)'2'));
        Assert.False(_ledger.TrySettleReady());
    }

    [Fact]
    public void AnErrorDropsWhatTheServerSkipsUpToItsSync()
    {
        Owe(ExpectedResponse.Parse, ExpectedResponse.Bind, ExpectedResponse.Execute, ExpectedResponse.Sync, ExpectedResponse.Parse, ExpectedResponse.Sync);
        Assert.True(Settle("1E"));
        Assert.True(_ledger.TrySettleReady());
        Assert.Equal(2, _ledger.Count);
        Assert.True(Settle("1"));
        Assert.True(_ledger.TrySettleReady());
        Assert.Equal(0, _ledger.Count);
    }

    [Fact]
    public void AnErrorWhoseSyncComesLaterIsSettledByThatSync()
    {
        Owe(ExpectedResponse.Parse, ExpectedResponse.Bind);
        Assert.True(Settle("E"));
        Owe(ExpectedResponse.Execute, ExpectedResponse.Sync);
        Assert.True(_ledger.TrySettleReady());
        Assert.Equal(0, _ledger.Count);
    }

    [Fact]
    public void AnErrorInOneOfSeveralSimpleQueriesDoesNotTouchTheNext()
    {
        Owe(ExpectedResponse.Query, ExpectedResponse.Query);
        Assert.True(Settle("E"));
        Assert.True(_ledger.TrySettleReady());
        Assert.Equal(1, _ledger.Count);
        Assert.True(Settle("C"));
        Assert.True(_ledger.TrySettleReady());
    }

    [Fact]
    public void CopyInOfASimpleQueryEndsWithItsCommand()
    {
        Owe(ExpectedResponse.Query);
        Assert.True(Settle("G"));
        Assert.Equal(CopyState.In, _ledger.Copy);
        Owe(ExpectedResponse.CopyDone);
        Assert.True(Settle("C"));
        Assert.Equal(CopyState.None, _ledger.Copy);
        Assert.True(_ledger.TrySettleReady());
        Assert.Equal(0, _ledger.Count);
    }

    [Fact]
    public void ASyncInsideCopyInIsNotAnswered()
    {
        Owe(ExpectedResponse.Parse, ExpectedResponse.Bind, ExpectedResponse.Execute, ExpectedResponse.Sync);
        Assert.True(Settle("12G"));
        Owe(ExpectedResponse.CopyDone, ExpectedResponse.Sync);
        Assert.True(Settle("C"));
        Assert.True(_ledger.TrySettleReady());
        Assert.Equal(0, _ledger.Count);
    }

    [Fact]
    public void AFailedCopyInDropsTheCopyDoneThatIsUnderWay()
    {
        Owe(ExpectedResponse.Query);
        Assert.True(Settle("G"));
        Owe(ExpectedResponse.CopyDone);
        Assert.True(Settle("E"));
        Assert.True(_ledger.TrySettleReady());
        Assert.Equal(0, _ledger.Count);
        Assert.Equal(CopyState.None, _ledger.Copy);
    }

    [Fact]
    public void AFailedExtendedCopyInLeavesTheSyncBehindItsEnd()
    {
        Owe(ExpectedResponse.Execute, ExpectedResponse.Sync);
        Assert.True(Settle("G"));
        Owe(ExpectedResponse.CopyFail, ExpectedResponse.Sync);
        Assert.True(Settle("E"));
        Assert.True(_ledger.TrySettleReady());
        Assert.Equal(0, _ledger.Count);
    }

    [Fact]
    public void AFailedExtendedCopyInWithoutItsEndForgetsTheSyncInsideIt()
    {
        Owe(ExpectedResponse.Execute, ExpectedResponse.Sync);
        Assert.True(Settle("GE"));

        // The client's CopyDone comes too late to be written down; the Sync behind it is answered.
        Owe(ExpectedResponse.Sync);
        Assert.True(_ledger.TrySettleReady());
        Assert.Equal(0, _ledger.Count);
    }

    [Fact]
    public void ACopyInThatWasSentAheadEndsWithItsSecondSync()
    {
        Owe(ExpectedResponse.Parse, ExpectedResponse.Bind, ExpectedResponse.Execute, ExpectedResponse.Sync, ExpectedResponse.CopyDone, ExpectedResponse.Sync);
        Assert.True(Settle("12GC"));
        Assert.True(_ledger.TrySettleReady());
        Assert.Equal(0, _ledger.Count);
    }

    [Fact]
    public void ACopyInThatWasSentAheadAndNeverBeganOwesBothSyncs()
    {
        Owe(ExpectedResponse.Parse, ExpectedResponse.Bind, ExpectedResponse.Execute, ExpectedResponse.Sync, ExpectedResponse.CopyDone, ExpectedResponse.Sync);
        Assert.True(Settle("E"));
        Assert.True(_ledger.TrySettleReady());
        Assert.Equal(1, _ledger.Count);
        Assert.True(_ledger.TrySettleReady());
        Assert.Equal(0, _ledger.Count);
    }

    [Fact]
    public void TheEndOfACopyThatNeverBeganIsOwedNothing()
    {
        Owe(ExpectedResponse.Query, ExpectedResponse.CopyFail, ExpectedResponse.CopyDone, ExpectedResponse.Query);
        Assert.True(Settle("E"));
        Assert.True(_ledger.TrySettleReady());
        Assert.Equal(1, _ledger.Count);
        Assert.True(Settle("C"));
        Assert.True(_ledger.TrySettleReady());
        Assert.Equal(0, _ledger.Count);
    }

    [Fact]
    public void CopyOutIsOwedByTheQuery()
    {
        Owe(ExpectedResponse.Query);
        Assert.True(Settle("HdddcC"));
        Assert.True(_ledger.TrySettleReady());
    }

    [Fact]
    public void HeadTellsWhoseAnswerComes()
    {
        _ledger.Add(ExpectedResponse.Query, ResponseAction.Skip);
        Owe(ExpectedResponse.Query);
        Assert.Equal(ResponseAction.Skip, _ledger.HeadAction);
        Assert.True(Settle("C"));
        Assert.True(_ledger.TrySettleReady());
        Assert.Equal(ResponseAction.Forward, _ledger.HeadAction);
    }

    [Fact]
    public void OrderSurvivesGrowthAcrossTheEndOfTheRing()
    {
        for (var round = 0; round < 10; round++)
        {
            Owe(ExpectedResponse.Parse, ExpectedResponse.Bind, ExpectedResponse.Sync);
            Assert.True(Settle("12"));
            Assert.True(_ledger.TrySettleReady());
        }

        for (var i = 0; i < 5000; i++)
        {
            Owe(ExpectedResponse.Parse, ExpectedResponse.Execute);
        }

        for (var i = 0; i < 5000; i++)
        {
            Assert.True(Settle("1DC"));
        }

        Assert.Equal(0, _ledger.Count);
    }

    private void Owe(params ExpectedResponse[] kinds)
    {
        foreach (var kind in kinds)
        {
            _ledger.Add(kind);
        }
    }

    private bool Settle(string types) => types.All(type => _ledger.TrySettle((byte)type));
}
