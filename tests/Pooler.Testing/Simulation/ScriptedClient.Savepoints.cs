namespace Pooler.Testing.Simulation;

/// <content>Transactions of which parts are undone.</content>
internal sealed partial class ScriptedClient
{
    private static readonly string[] Savepoints = ["a", "b"];

    private IEnumerable<Pause> NestedTransaction()
    {
        Query($"begin {Id}");
        for (var i = 2 + _random.Next(8); i > 0; i--)
        {
            var command = _random.Next(8) switch
            {
                0 or 1 => $"savepoint {Id} {AnySavepoint()}",
                2 => $"rollback {Id} {AnySavepoint()}",
                3 => $"release {Id} {AnySavepoint()}",
                4 when Has(ClientHabits.Parameters) => SetCommand(),
                5 => $"fail {Id} {++_number}",
                6 when Has(ClientHabits.Parameters) => $"savepoint {Id} {AnySavepoint()};{SetCommand()};rollback {Id} {AnySavepoint()}",
                _ => Rows(_random.Next(3), _random.Next(50)),
            };
            if (Has(ClientHabits.Pipelines) && !command.Contains(';', StringComparison.Ordinal) && Chance(3))
            {
                _requests.Reset();
                WriteExtended(command);
                _requests.WriteSync();
                Send();
            }
            else
            {
                Query(command);
            }

            if (Chance(2))
            {
                yield return Chance(4) ? Pause.For(_random.Next(2000)) : Pause.ForAnswers;
            }
        }

        Query(Chance(3) ? $"rollback {Id}" : $"commit {Id}");

        // Shows what is in force now.
        Ask();
        yield return Pause.ForAnswers;
    }

    private string AnySavepoint() => Savepoints[_random.Next(Savepoints.Length)];
}
