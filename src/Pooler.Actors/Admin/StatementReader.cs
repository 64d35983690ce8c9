using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Pooler.Actors.Admin.Commands;
using Pooler.Actors.Admin.Query;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Admin;

/// <summary>
/// From a text to what can be run: a command of the console, a query over its tables, or what drivers send by themselves. Pure; whether a
/// command may run now, and by whom, shows when it is run.
/// </summary>
internal static class StatementReader
{
    /// <summary>Reads the text of a Query message; null with the error that answers it.</summary>
    public static ConsoleStatement? ReadQuery(string text, out ConsoleReply? error)
    {
        ConsoleStatement? statement = Read(text, [], isPrepared: false, out error);
        return statement ?? ReadBatch(text);
    }

    /// <summary>Reads the text of a Parse message; null with the error that answers it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="declaredTypes">The types that the client gave its parameters; 0 where it leaves them open.</param>
    /// <param name="error">The answer if there is no statement.</param>
    public static ConsoleStatement? ReadPrepared(string text, ImmutableArray<int> declaredTypes, out ConsoleReply? error) =>
        Read(text, declaredTypes, isPrepared: true, out error);

    private static ConsoleStatement? Read(string text, ImmutableArray<int> declaredTypes, bool isPrepared, out ConsoleReply? error)
    {
        error = null;
        ParsedCommand parsed = AdminParser.Parse(text);
        if (parsed.Kind == ParsedCommandKind.BadArguments)
        {
            error = ConsoleReply.Error(PoolerErrors.BadArguments);
            return null;
        }

        if (parsed.Kind != ParsedCommandKind.Invalid && CommandTable.Find(parsed.Word) is { } command)
            return OfCommand(command, parsed, text, declaredTypes);
        if (!QueryLexer.TryRead(text, out List<QueryToken> tokens))
            return Invalid(text, out error);
        if (IsEmpty(tokens) && (isPrepared || HasComment(text)))
            return new ConsoleStatement(text) { ParameterTypes = declaredTypes, Answer = ConsoleReply.Empty };
        if (AnswerOf(tokens) is { } answer)
            return new ConsoleStatement(text) { ParameterTypes = declaredTypes, Answer = answer, Columns = answer.Table?.Columns };
        if (QueryParser.Parse(tokens) is not { } query)
            return Invalid(text, out error);

        return OfQuery(query, text, declaredTypes, isPrepared, out error);
    }

    private static ConsoleStatement OfCommand(ConsoleCommand command, ParsedCommand parsed, string text, ImmutableArray<int> declaredTypes) =>
        new(text)
        {
            Columns = command.Columns(parsed),
            ParameterTypes = declaredTypes,
            Run = (host, call, rights, _) =>
            {
                if (!command.Takes(parsed))
                    host.Reply(call, ConsoleReply.Error(PoolerErrors.InvalidCommand(text)));
                else if (ConsoleCommand.IsAllowed(rights, command.Needed))
                    command.Run(host, call, rights, parsed, text);
                else
                    host.Reply(call, ConsoleReply.Error(PoolerErrors.AdminAccessNeeded));
            },
        };

    private static ConsoleStatement? OfQuery(
        SelectStatement query, string text, ImmutableArray<int> declaredTypes, bool takesParameters, out ConsoleReply? error)
    {
        ShowEntry? entry = ShowCommand.Find(query.Table);
        ResultTable? catalog = null;
        if (entry is null && (query.IsShow || !CatalogTables.TryGet(query.Table, out catalog)))
            return Invalid(text, out error);
        if (entry is { Make: null })
        {
            error = UnavailableCommand.Refusal("SHOW " + entry.Name);
            return null;
        }

        ImmutableArray<ColumnDescription> columns = entry?.Columns ?? catalog!.Columns;
        if (QueryCompiler.Compile(query, columns, declaredTypes, takesParameters, out QueryError? reason) is not { } plan)
        {
            error = ErrorOf(reason!);
            return null;
        }

        error = null;
        return new ConsoleStatement(text)
        {
            Columns = plan.Columns,
            ParameterTypes = plan.ParameterTypes,
            Run = (host, call, rights, parameters) => Run(plan, entry, catalog, host, call, rights, parameters),
        };
    }

    private static void Run(
        QueryPlan plan, ShowEntry? entry, ResultTable? catalog, ICommandHost host, long call, AdminRights rights, IReadOnlyList<QueryValue> parameters)
    {
        if (entry is not null && !ConsoleCommand.IsAllowed(rights, entry.Needed))
            host.Reply(call, ConsoleReply.Error(PoolerErrors.AdminAccessNeeded));
        else if (plan.Check(parameters) is { } reason)
            host.Reply(call, ErrorOf(reason));
        else if (entry is not null)
            host.Show(call, entry.Parts, snapshot => plan.Run(entry.Make!(snapshot), parameters));
        else
            host.Reply(call, ConsoleReply.Rows(plan.Run(catalog!, parameters)));
    }

    // Several statements in one text, each of which has its answer already: so do drivers reset sessions and load types.
    private static ConsoleStatement? ReadBatch(string text)
    {
        if (!QueryLexer.TryRead(text, out List<QueryToken> tokens))
            return null;

        ImmutableArray<ConsoleReply>.Builder answers = ImmutableArray.CreateBuilder<ConsoleReply>();
        int start = 0;
        for (int i = 0; i <= tokens.Count; i++)
        {
            if (i < tokens.Count && !tokens[i].IsSymbol(";"))
                continue;

            List<QueryToken> part = tokens[start..i];
            start = i + 1;
            if (part.Count == 0)
                continue;
            if (AnswerOf(part) is not { } answer)
                return null;
            answers.Add(answer);
        }

        return answers.Count > 1 ? new ConsoleStatement(text) { Answer = ConsoleReply.Batch(answers.ToImmutable()) } : null;
    }

    private static ConsoleReply? AnswerOf(List<QueryToken> tokens)
    {
        ReadOnlySpan<QueryToken> statement = CollectionsMarshal.AsSpan(tokens);
        if (!statement.IsEmpty && statement[^1].IsSymbol(";"))
            statement = statement[..^1];
        if (SessionStatement.Answer(statement) is { } answer)
            return answer;

        return (CatalogQuery.Answer(tokens) ?? ColumnListQuery.Answer(statement)) is { } table ? ConsoleReply.Rows(table) : null;
    }

    private static ConsoleStatement? Invalid(string text, out ConsoleReply? error)
    {
        error = ConsoleReply.Error(PoolerErrors.InvalidCommand(text));
        return null;
    }

    private static ConsoleReply ErrorOf(QueryError error) => ConsoleReply.Error(error.Text) with { SqlState = error.SqlState };

    private static bool IsEmpty(List<QueryToken> tokens) => tokens.TrueForAll(token => token.IsSymbol(";"));

    // Pings of drivers consist of a comment; a text without anything at all is an error of old.
    private static bool HasComment(string text) =>
        text.Contains("--", StringComparison.Ordinal) || text.Contains("/*", StringComparison.Ordinal);
}
