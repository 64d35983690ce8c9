namespace Pooler.Actors.Admin;

/// <summary>What a console session may do. The default value may do nothing.</summary>
public enum AdminRights
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>SHOW, and SET of what drivers set by themselves (stats_users).</summary>
    ReadOnly,

    /// <summary>Every command (admin_users).</summary>
    Admin,
}
