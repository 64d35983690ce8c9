namespace Pooler.Host.Process;

/// <summary>The signals that the pooler understands.</summary>
internal enum PoolerSignal
{
    Hangup,
    Interrupt,
    Quit,
    Terminate,
    User1,
    User2,
}
