using System.Diagnostics.CodeAnalysis;

namespace Pooler.Host.Process;

/// <summary>
/// Changes the operating system user of the process. The C library applies it to all threads. Called once, before files and sockets are
/// made.
/// </summary>
internal static unsafe class SystemUser
{
    /// <summary>True if the process runs with the rights of root.</summary>
    public static bool IsRoot => LibC.GetUserId() == 0 || LibC.GetEffectiveUserId() == 0;

    /// <summary>Becomes <paramref name="name"/>, with its groups. False with the text of the fatal line.</summary>
    public static bool TryBecome(string name, [NotNullWhen(false)] out string? fatalText)
    {
        LibC.UserEntry* entry = LibC.GetUser(name);
        if (entry == null)
        {
            fatalText = $"could not find user '{name}' to switch to";
            return false;
        }

        uint userId = entry->UserId;
        uint groupId = entry->GroupId;
        fatalText = null;
        if (LibC.GetUserId() == userId && LibC.GetEffectiveUserId() == userId)
        {
            return true;
        }

        // The groups first: without root's rights they can no longer be set.
        if (LibC.InitializeGroups(name, groupId) != 0 || LibC.SetGroupId(groupId) != 0 || LibC.SetUserId(userId) != 0)
        {
            fatalText = $"failed to assume identity of user '{name}': {LibC.LastErrorText()}";
            return false;
        }

        return true;
    }
}
