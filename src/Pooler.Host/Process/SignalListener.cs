using System.Runtime.InteropServices;

namespace Pooler.Host.Process;

/// <summary>
/// Brings the process's signals to one handler, one after the other, on a thread of the pool. The runtime ignores SIGPIPE by itself.
/// A signal that the process inherits as ignored is listened to all the same: a shell without job control starts its background jobs
/// with SIGINT and SIGQUIT ignored, nohup with SIGHUP, and the pooler is expected to follow them there too.
/// </summary>
internal sealed class SignalListener : IDisposable
{
    private const PosixSignal SigUsr1 = (PosixSignal)10;
    private const PosixSignal SigUsr2 = (PosixSignal)12;

    private readonly object _gate = new();
    private readonly Action<PoolerSignal> _handler;
    private readonly List<PosixSignalRegistration> _registrations = [];

    public SignalListener(Action<PoolerSignal> handler)
    {
        _handler = handler;
        // The runtime leaves a signal alone that it finds ignored, so this comes before the registrations.
        LibC.EndIgnoring(LibC.Hangup);
        LibC.EndIgnoring(LibC.Interrupt);
        LibC.EndIgnoring(LibC.Quit);
        Register(PosixSignal.SIGHUP, PoolerSignal.Hangup);
        Register(PosixSignal.SIGINT, PoolerSignal.Interrupt);
        Register(PosixSignal.SIGQUIT, PoolerSignal.Quit);
        Register(PosixSignal.SIGTERM, PoolerSignal.Terminate);
        Register(SigUsr1, PoolerSignal.User1);
        Register(SigUsr2, PoolerSignal.User2);
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _registrations.Clear();
    }

    private void Register(PosixSignal signal, PoolerSignal meaning)
    {
        _registrations.Add(PosixSignalRegistration.Create(signal, context =>
        {
            // Without this the runtime would end the process after the handler.
            context.Cancel = true;
            lock (_gate)
            {
                _handler(meaning);
            }
        }));
    }
}
