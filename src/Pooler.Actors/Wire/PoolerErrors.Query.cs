namespace Pooler.Actors.Wire;

/// <content>Queries and prepared statements on the console, in PostgreSQL's words: ERROR, and the session goes on.</content>
public static partial class PoolerErrors
{
    public const string NegativeLimit = "LIMIT must not be negative";
    public const string NegativeOffset = "OFFSET must not be negative";
    public const string AggregateInGroupBy = "aggregate functions are not allowed in GROUP BY";
    public const string PatternTooLong = "LIKE pattern is too long";
    public const string NoUnnamedStatement = "unnamed prepared statement does not exist";
    public const string TooMuchPrepared = "too many prepared statements and portals in this console session";

    public static string NoSuchColumn(string? table, string column) =>
        table is null ? $"column \"{column}\" does not exist" : $"column {table}.{column} does not exist";

    public static string NoSuchTableInFrom(string table) => $"missing FROM-clause entry for table \"{table}\"";

    public static string NoSuchParameter(int number) => $"there is no parameter ${number}";

    public static string NoSuchOperator(string left, string sign, string right) => $"operator does not exist: {left} {sign} {right}";

    public static string NoSuchFunction(string name, string argument) => $"function {name}({argument}) does not exist";

    public static string InvalidValue(string type, string text) => $"invalid input syntax for type {type}: \"{text}\"";

    public static string PositionNotInSelectList(string clause, string position) => $"{clause} position {position} is not in select list";

    public static string ColumnNotGrouped(string column) =>
        $"column \"{column}\" must appear in the GROUP BY clause or be used in an aggregate function";

    public static string TooManyColumns(int most) => $"target lists can have at most {most} entries";

    public static string NoSuchStatement(string name) => $"prepared statement \"{name}\" does not exist";

    public static string StatementExists(string name) => $"prepared statement \"{name}\" already exists";

    public static string NoSuchPortal(string name) => $"portal \"{name}\" does not exist";

    public static string PortalExists(string name) => $"cursor \"{name}\" already exists";

    public static string WrongParameterCount(int given, string statement, int wanted) =>
        $"bind message supplies {given} parameters, but prepared statement \"{statement}\" requires {wanted}";

    public static string UnsupportedFormatCode(int code) => $"unsupported format code: {code}";

    public static string IncorrectBinaryFormat(int parameter) => $"incorrect binary data format in bind parameter {parameter}";

    public static string WrongFormatCount(int given, int wanted) => $"bind message has {given} formats for {wanted} values";

    public static string PortalIsDone(string name) => $"portal \"{name}\" cannot be run";
}
