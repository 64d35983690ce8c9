using System.Reflection;

namespace ApiListing;

/// <summary>Prints the public API of each assembly named on the command line, such as <c>Akka</c> or <c>Akka.Hosting</c>.</summary>
internal static class Program
{
    private static int Main(string[] names)
    {
        if (names.Length == 0)
        {
            Console.Error.WriteLine("usage: ApiListing ASSEMBLY...");
            return 1;
        }

        foreach (var name in names)
        {
            foreach (var line in PublicApi.Of(Assembly.Load(name)))
            {
                Console.Out.Write(line + '\n');
            }
        }

        return 0;
    }
}
