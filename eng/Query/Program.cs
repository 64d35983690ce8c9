using System.Globalization;
using Pooler.Testing.Protocol;

// A psql in miniature for machines without one: query HOST PORT USER DATABASE SQL, the password in PGPASSWORD.
// Prints the rows with | between the values; exit code 1 and the message on standard error when something failed.
if (args.Length != 5)
{
    await Console.Error.WriteLineAsync("usage: query HOST PORT USER DATABASE SQL");
    return 2;
}

try
{
    using RawClient client = await RawClient.ConnectAsync(args[0], int.Parse(args[1], CultureInfo.InvariantCulture));
    await client.LogInAsync(args[2], args[3], Environment.GetEnvironmentVariable("PGPASSWORD"));
    QueryResult result = await client.QueryAsync(args[4]);
    foreach (string?[] row in result.Rows)
    {
        Console.WriteLine(string.Join('|', row));
    }

    foreach (ErrorFields error in result.Errors)
    {
        await Console.Error.WriteLineAsync($"{error.Severity}: {error.Message}");
    }

    return result.Errors.Count > 0 || result.Status is null ? 1 : 0;
}
catch (Exception e) when (e is ServerErrorException or IOException or System.Net.Sockets.SocketException or TimeoutException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
