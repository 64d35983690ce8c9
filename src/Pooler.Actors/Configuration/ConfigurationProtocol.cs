namespace Pooler.Actors.Configuration;

/// <summary>
/// The messages of the actor at /user/pooler/config, which holds the settings in force. It answers <see cref="GetSettings"/>,
/// <see cref="ReloadSettings"/> and <see cref="ChangeSetting"/>; after every change it tells its subscribers and the event stream
/// <see cref="SettingsChanged"/>, before it answers the one who asked.
/// </summary>
public interface IConfigurationMessage;

/// <summary>Answered with <see cref="CurrentSettings"/>.</summary>
public sealed record GetSettings : IConfigurationMessage
{
    public static GetSettings Instance { get; } = new();
}

/// <summary>The settings in force.</summary>
public sealed record CurrentSettings(PoolerSettings Settings) : IConfigurationMessage;

/// <summary>Read the file and auth_file again. Answered with <see cref="ReloadSucceeded"/> or <see cref="ReloadFailed"/>.</summary>
public sealed record ReloadSettings : IConfigurationMessage
{
    public static ReloadSettings Instance { get; } = new();
}

/// <summary>The file was read; these settings are in force.</summary>
public sealed record ReloadSucceeded(PoolerSettings Settings) : IConfigurationMessage;

/// <summary>The file has an error: the former settings stay in force, whole. The lines are in the log already, each as an ERROR.</summary>
public sealed record ReloadFailed(IReadOnlyList<string> Lines) : IConfigurationMessage;

/// <summary>The console's SET. Answered with <see cref="SettingChanged"/> or <see cref="SettingRejected"/>.</summary>
public sealed record ChangeSetting(string Key, string Value) : IConfigurationMessage;

/// <summary>The value is in force, or was accepted without effect because the key needs a restart.</summary>
public sealed record SettingChanged(PoolerSettings Settings) : IConfigurationMessage;

/// <summary>The key or the value is not valid. The text says why and is in the log already; the console's answer is "SET failed".</summary>
public sealed record SettingRejected(string Text) : IConfigurationMessage;

/// <summary>New settings are in force. Told to the subscribers and published on the event stream.</summary>
public sealed record SettingsChanged(PoolerSettings Old, PoolerSettings New, SettingsDiff Diff) : IConfigurationMessage;
