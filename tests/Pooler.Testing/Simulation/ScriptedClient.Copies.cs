using Pooler.Actors.Wire;

namespace Pooler.Testing.Simulation;

/// <content>Rounds of COPY: in and out, ahead of the answer and behind it, with failures before, during and after the data.</content>
internal sealed partial class ScriptedClient
{
    private IEnumerable<Pause> CopyIn()
    {
        var isExtended = Has(ClientHabits.Pipelines) && Chance(2);
        var command = CopyInCommand();
        var isAhead = Chance(4);
        _requests.Reset();
        if (isExtended)
        {
            WriteExecution(command);
            if (Chance(2))
            {
                _requests.WriteSync();
            }

            if (!isAhead)
            {
                // An error in place of the COPY is sent by then, but for the Sync that may not be.
                _requests.WriteFlush();
            }
        }
        else
        {
            _requests.WriteQuery(Chance(3) ? $"{Rows(1, 5)};{command};{Rows(1, 5)}" : command);
        }

        Send();
        if (!isAhead)
        {
            yield return Pause.ForAnswers;
        }

        for (var i = _random.Next(6); i > 0; i--)
        {
            _requests.Reset();
            WriteCopyData(_random.Next(Chance(5) ? 5000 : 200));
            if (isExtended && Chance(8))
            {
                _requests.WriteFlush();
            }

            Send();
            if (Chance(3))
            {
                yield return Pause.For(_random.Next(5000));
            }
        }

        _requests.Reset();
        WriteCopyEnd();
        if (isExtended)
        {
            _requests.WriteSync();
        }

        Send();
        if (Chance(4))
        {
            // Who comes next does not wait for the end of the COPY.
            Ask();
        }

        yield return Pause.ForAnswers;
    }

    private IEnumerable<Pause> CopyOut()
    {
        Query(CopyOutCommand());
        yield return Pause.ForAnswers;
    }

    /// <summary>Batches with COPY both ways, their data included, sent at once.</summary>
    private IEnumerable<Pause> PipelinedCopies()
    {
        _requests.Reset();
        for (var i = 1 + _random.Next(3); i > 0; i--)
        {
            if (Chance(2))
            {
                WriteExtended(AnyCommand());
            }

            if (Chance(4))
            {
                WriteExecution(CopyOutCommand());
            }
            else
            {
                WriteExecution(CopyInCommand());
                for (var part = _random.Next(3); part > 0; part--)
                {
                    WriteCopyData(_random.Next(400));
                }

                WriteCopyEnd();
            }

            if (Chance(2))
            {
                WriteExtended(AnyCommand());
            }

            _requests.WriteSync();
        }

        Send();
        yield return Pause.ForAnswers;
    }

    private string CopyInCommand() => _random.Next(8) switch
    {
        0 => $"fail {Id} {++_number}",
        1 => $"copyin {Id} {++_number} {int.MaxValue} late",
        2 or 3 => $"copyin {Id} {++_number} {_random.Next(2000)}",
        _ => $"copyin {Id} {++_number} {int.MaxValue}",
    };

    private string CopyOutCommand()
    {
        var count = 1 + _random.Next(20);
        var command = $"copyout {Id} {++_number} {count} {_random.Next(400)}";
        return Chance(6) ? $"{command} {_random.Next(count)}" : command;
    }

    private void WriteExecution(string command)
    {
        _requests.WriteParse("", command);
        _requests.WriteBind("", "");
        _requests.WriteExecute("");
    }

    private void WriteCopyEnd()
    {
        if (Chance(4))
        {
            _requests.BeginMessage(FrontendMessage.CopyFail);
            _requests.AppendCString($"client {Id} gives up");
            _requests.EndMessage();
        }
        else
        {
            _requests.BeginMessage(FrontendMessage.CopyDone);
            _requests.EndMessage();
        }
    }
}
