using System.Buffers.Binary;
using Pooler.Actors.Wire;

namespace Pooler.Testing.Simulation;

/// <summary>
/// PostgreSQL's side of a session after its login, as far as the simulation's clients use it: bytes in, bytes out, no clock. A scripted server
/// answers with one, and a scripted client feeds another with what it sends and so knows every byte that it has to receive. It is as strict
/// as PostgreSQL about what it skips after an error, what it takes during COPY, and what a failed transaction allows. Its queries are words; those that a client sends
/// name the client in the second one.
/// </summary>
internal sealed partial class BackendModel
{
    private MessageWriter _output = new();
    private readonly IReadOnlyList<string> _names;
    private readonly string[] _defaults;
    private string[] _reported;
    private string[] _values;
    private string[]? _saved;
    private byte[] _input = new byte[256];
    private int _inputLength;

    /// <param name="names">The parameters that are reported.</param>
    /// <param name="values">Their values at the start of the session.</param>
    internal BackendModel(IReadOnlyList<string> names, IReadOnlyList<string> values)
    {
        _names = names;
        _defaults = [.. values];
        _values = [.. values];
        _reported = [.. values];
    }

    /// <summary>Hears of every command before it runs: the words.</summary>
    internal Action<string[]>? CommandStarts { get; set; }

    /// <summary>What has to be sent and has not been taken.</summary>
    internal ReadOnlySpan<byte> Output => _output.Written;

    /// <summary>The output may not wait for more: somebody has asked for it, or waits for it.</summary>
    internal bool MustSend { get; private set; }

    /// <summary>I, T or E.</summary>
    internal byte Status { get; private set; } = TransactionStatus.Idle;

    /// <summary>Milliseconds of the sleep that runs; 0: none.</summary>
    internal int Sleep { get; private set; }

    /// <summary>The client has said Terminate.</summary>
    internal bool IsTerminated { get; private set; }

    /// <summary>The session has ended itself with a FATAL error: the connection closes behind it.</summary>
    internal bool IsDead { get; private set; }

    /// <summary>The names of the prepared statements.</summary>
    internal IEnumerable<string> StatementNames => _statements.Keys;

    /// <summary>Counts the transactions that came to their end.</summary>
    internal int Transactions { get; private set; }

    /// <summary>Between transactions, with nothing begun: the session may change hands.</summary>
    internal bool IsFree => Status == TransactionStatus.Idle && Sleep == 0 && _copy == CopyDirection.None && !_inBatch && _rest.Count == 0;

    /// <summary>The output has been taken.</summary>
    internal void ClearOutput()
    {
        _output.Reset();
        MustSend = false;
    }

    /// <summary>Takes what the client sent.</summary>
    internal void Feed(ReadOnlySpan<byte> bytes)
    {
        if (_input.Length < _inputLength + bytes.Length)
        {
            Array.Resize(ref _input, Math.Max(_input.Length * 2, _inputLength + bytes.Length));
        }

        bytes.CopyTo(_input.AsSpan(_inputLength));
        _inputLength += bytes.Length;
        Run();
    }

    /// <summary>Ends the sleep, by itself or by a cancel request.</summary>
    internal void Wake(bool isCancelled)
    {
        if (isCancelled)
        {
            Fail("57014", $"canceling statement of {_sleeper}");
        }
        else
        {
            _output.WriteCommandComplete("SLEEP");
        }

        Sleep = 0;
        if (_isSimple)
        {
            RunRest(isCancelled);
        }

        Run();
    }

    private void Run()
    {
        var position = 0;
        while (Sleep == 0 && !IsDead && _inputLength - position >= 5)
        {
            var total = 1 + BinaryPrimitives.ReadInt32BigEndian(_input.AsSpan(position + 1));
            if (_inputLength - position < total)
            {
                break;
            }

            Take(_input[position], _input.AsSpan(position + 5, total - 5));
            position += total;
        }

        if (position > 0)
        {
            _input.AsSpan(position, _inputLength - position).CopyTo(_input);
            _inputLength -= position;
        }
    }

    private void Take(byte type, ReadOnlySpan<byte> body)
    {
        if (type == FrontendMessage.Terminate)
        {
            IsTerminated = true;
        }
        else if (_copy == CopyDirection.In)
        {
            TakeInCopy(type, body);
        }
        else if (!_isSkipping || type is FrontendMessage.Sync or FrontendMessage.Flush)
        {
            TakeRequest(type, body);
        }
    }

    private void TakeRequest(byte type, ReadOnlySpan<byte> body)
    {
        switch (type)
        {
            case FrontendMessage.Query:
                RunSimple(Text(body, out _));
                break;
            case FrontendMessage.FunctionCall:
                CallFunction(body);
                break;
            case FrontendMessage.Sync:
                Ready();
                break;
            case FrontendMessage.CopyData:
            case FrontendMessage.CopyDone:
            case FrontendMessage.CopyFail:
                break;
            case FrontendMessage.Flush:
                MustSend = true;
                break;
            default:
                TakeExtended(type, body);
                break;
        }
    }

    private void CallFunction(ReadOnlySpan<byte> body)
    {
        _isSimple = true;
        if (Status == TransactionStatus.Failed)
        {
            FailInFailed();
        }
        else
        {
            BeginWork();
            _output.BeginMessage((byte)'V');
            _output.AppendInt32(body.Length);
            _output.AppendBytes(body);
            _output.EndMessage();
        }

        Ready();
    }

    private void BeginWork() => _saved ??= (string[])_values.Clone();

    private void EndTransaction(bool isUndone)
    {
        if (isUndone && _saved is not null)
        {
            _values = _saved;
        }

        _saved = null;
        _savepoints.Clear();
        _portals.Clear();
        HoldsTables = false;
        Status = TransactionStatus.Idle;
    }

    private void Fail(string sqlState, string text, string? routine = null)
    {
        _output.BeginMessage(BackendMessage.ErrorResponse);
        _output.AppendCString("SERROR");
        _output.AppendCString($"C{sqlState}");
        _output.AppendCString($"M{text}");
        if (routine is not null)
        {
            _output.AppendCString($"R{routine}");
        }

        _output.AppendByte(0);
        _output.EndMessage();
        AfterFailure();
    }

    private void AfterFailure()
    {
        if (_saved is not null)
        {
            // What the last savepoint has behind it is undone at once, and reported so.
            _values = (string[])(_savepoints.Count > 0 ? _savepoints[^1].Values : _saved).Clone();
        }

        if (Status == TransactionStatus.InTransaction)
        {
            Status = TransactionStatus.Failed;
        }

        _isSkipping = !_isSimple;
        _copy = CopyDirection.None;
    }

    private void FailInFailed() => Fail("25P02", "current transaction is aborted, commands ignored until end of transaction block");

    /// <summary>Ends the session, as a server does that is shut down or has lost the thread.</summary>
    private void Die(string sqlState, string text)
    {
        _output.WriteFatal(text, sqlState);
        IsDead = true;
        MustSend = true;
    }

    private void Ready()
    {
        for (var i = 0; i < _names.Count; i++)
        {
            if (_values[i] != _reported[i])
            {
                _reported[i] = _values[i];
                _output.WriteParameterStatus(_names[i], _values[i]);
            }
        }

        if (Status == TransactionStatus.Idle)
        {
            EndTransaction(isUndone: false);
            Transactions++;
        }

        _isSkipping = false;
        _inBatch = false;
        _isSimple = false;
        _output.WriteReadyForQuery(Status);
        MustSend = true;
    }

    private static string Text(ReadOnlySpan<byte> body, out int length)
    {
        length = body.IndexOf((byte)0) + 1;
        return WireText.Decode(body[..(length - 1)]);
    }
}
