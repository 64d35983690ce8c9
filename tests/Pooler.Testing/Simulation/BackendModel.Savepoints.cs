using Pooler.Actors.Wire;

namespace Pooler.Testing.Simulation;

/// <content>Transactions within a transaction: <c>savepoint CLIENT NAME</c>, <c>release CLIENT NAME</c>, <c>rollback CLIENT NAME</c>.</content>
internal sealed partial class BackendModel
{
    private List<(string Name, string[] Values)> _savepoints = [];

    private bool TryRunSavepoint(string[] words)
    {
        if (Status == TransactionStatus.Idle)
        {
            Fail("25P01", $"{words[0]} can only be used in transaction blocks");
            return false;
        }

        if (words[0] == "savepoint")
        {
            _savepoints.Add((words[2], (string[])_values.Clone()));
            _output.WriteCommandComplete("SAVEPOINT");
            return true;
        }

        // Of several with one name it is the last.
        var index = _savepoints.FindLastIndex(savepoint => savepoint.Name == words[2]);
        if (index < 0)
        {
            Fail("3B001", $"savepoint {words[2]} does not exist");
            return false;
        }

        if (words[0] == "release")
        {
            _savepoints.RemoveRange(index, _savepoints.Count - index);
            _output.WriteCommandComplete("RELEASE");
            return true;
        }

        // The savepoint itself stays.
        _values = (string[])_savepoints[index].Values.Clone();
        _savepoints.RemoveRange(index + 1, _savepoints.Count - index - 1);
        _portals.Clear();
        Status = TransactionStatus.InTransaction;
        _output.WriteCommandComplete("ROLLBACK");
        return true;
    }
}
