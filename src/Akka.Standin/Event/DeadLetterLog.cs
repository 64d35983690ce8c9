using Akka.Actor;

namespace Akka.Event;

/// <summary>Logs the first dead letters, and after a pause the next ones (akka.log-dead-letters), and unhandled messages if asked to.</summary>
internal sealed class DeadLetterLog : UntypedActor
{
    private readonly Settings _settings = Context.System.Settings;
    private readonly ILoggingAdapter _log = Logging.GetLogger(Context.System.EventStream, typeof(DeadLetterLog));
    private int _count;
    private TimeSpan _pauseEnd = TimeSpan.MinValue;

    protected override void PreStart()
    {
        if (_settings.LogDeadLetters > 0)
        {
            Context.System.EventStream.Subscribe(Self, typeof(DeadLetter));
        }

        if (_settings.DebugUnhandledMessage)
        {
            Context.System.EventStream.Subscribe(Self, typeof(UnhandledMessage));
        }
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case UnhandledMessage unhandled:
                _log.Debug("Unhandled message from {0} to {1}: {2}", unhandled.Sender, unhandled.Recipient, unhandled.Message);
                break;
            case DeadLetter letter when _settings.LogDeadLettersDuringShutdown || !Cell.System.IsTerminating:
                Log(letter);
                break;
        }
    }

    private void Log(DeadLetter letter)
    {
        if (_count >= _settings.LogDeadLetters)
        {
            if (_settings.LogDeadLettersSuspendDuration <= TimeSpan.Zero || Context.System.Scheduler.MonotonicClock < _pauseEnd)
            {
                return;
            }

            _count = 0;
        }

        _count++;
        string last = "";
        if (_count == _settings.LogDeadLetters)
        {
            _pauseEnd = Context.System.Scheduler.MonotonicClock + _settings.LogDeadLettersSuspendDuration;
            last = ", no more dead letters will be logged for a while";
        }

        _log.Info(
            "Message [{0}] from {1} to {2} was not delivered. [{3}] dead letters encountered{4}",
            letter.Message.GetType().Name,
            letter.Sender,
            letter.Recipient,
            _count,
            last);
    }
}
