namespace Pooler.Actors.Configuration;

/// <summary>How clients prove who they are (setting auth_type).</summary>
public enum AuthType
{
    Any,
    Trust,
    Plain,
    Md5,
    Cert,
    Hba,
    Ldap,
    Pam,
    ScramSha256,
}
