using Pooler.Actors.Wire;

namespace Pooler.Testing.Simulation;

/// <content>COPY in and out.</content>
internal sealed partial class BackendModel
{
    private CopyDirection _copy;
    private uint _copySum;
    private int _copyLeft;
    private string? _lateFailure;

    private enum CopyDirection
    {
        None,
        In,
    }

    private void BeginCopyIn(string[] words)
    {
        _copy = CopyDirection.In;
        _copySum = 17;
        _copyLeft = Number(words[3]);
        _lateFailure = words.Length > 4 ? $"row of {words[2]} of client {words[1]} is not unique" : null;
        StartCopy((byte)'G');
        MustSend = true;
    }

    private bool TryCopyOut(string[] words)
    {
        StartCopy((byte)'H');
        var count = Number(words[3]);
        var failsAt = FailurePoint(words);
        for (var i = 0; i < count; i++)
        {
            if (i == failsAt)
            {
                Fail("22012", $"failure in line {i} of {words[2]} of client {words[1]}");
                return false;
            }

            _output.BeginMessage(FrontendMessage.CopyData);
            _output.AppendText($"{words[1]} {words[2]} {i} ");
            _output.AppendText(new string((char)('A' + (Number(words[1]) % 26)), Number(words[4])));
            _output.EndMessage();
        }

        _output.BeginMessage(FrontendMessage.CopyDone);
        _output.EndMessage();
        _output.WriteCommandComplete($"COPY {count}");
        return true;
    }

    private void StartCopy(byte type)
    {
        _output.BeginMessage(type);
        _output.AppendByte(0);
        _output.AppendInt16(0);
        _output.EndMessage();
    }

    private void TakeInCopy(byte type, ReadOnlySpan<byte> body)
    {
        switch (type)
        {
            case FrontendMessage.CopyData:
                foreach (var value in body)
                {
                    _copySum = (_copySum * 31) + value;
                }

                _copyLeft -= body.Length;
                if (_copyLeft < 0)
                {
                    EndCopy("22P04", "too much data");
                }

                break;
            case FrontendMessage.CopyDone:
                EndCopy(_lateFailure is null ? null : "23505", _lateFailure ?? "");
                break;
            case FrontendMessage.CopyFail:
                EndCopy("57014", $"COPY from stdin failed: {Text(body, out _)}");
                break;
            case FrontendMessage.Sync:
            case FrontendMessage.Flush:
                MustSend = true;
                break;
            default:
                // Its length has not been read, so that where the next message begins is not known any more.
                Fail("08P01", $"unexpected message type 0x{type:X2} during COPY from stdin");
                Die("08P01", "terminating connection because protocol synchronization was lost");
                break;
        }
    }

    private void EndCopy(string? sqlState, string text)
    {
        _copy = CopyDirection.None;
        if (sqlState is null)
        {
            _output.WriteCommandComplete($"COPY {_copySum}");
        }
        else
        {
            Fail(sqlState, text);
        }

        if (_isSimple)
        {
            RunRest(sqlState is not null);
        }
    }
}
