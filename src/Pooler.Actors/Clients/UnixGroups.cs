using System.Globalization;

namespace Pooler.Actors.Clients;

/// <summary>Finds the number of the operating system's group for unix_socket_group.</summary>
internal static class UnixGroups
{
    private const string GroupFile = "/etc/group";

    /// <summary>Takes a number, or a name that the group file lists; an empty name is -1, no group.</summary>
    public static bool TryGetId(string name, out int id)
    {
        id = -1;
        if (name.Length == 0 || int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out id))
        {
            return true;
        }

        try
        {
            foreach (var line in File.ReadLines(GroupFile))
            {
                var fields = line.Split(':');
                if (fields.Length > 2 && fields[0] == name && int.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out id))
                {
                    return true;
                }
            }
        }
        catch (IOException)
        {
            // Without the file no name is known.
        }

        id = -1;
        return false;
    }
}
