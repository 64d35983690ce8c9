using System.Collections.Concurrent;
using Akka.Actor;

namespace Akka.Event;

/// <summary>
/// An event bus by type: who subscribes to a class or interface gets all that are instances of it. Publishing takes no lock; the receivers of each type
/// are worked out once and kept until a subscription changes.
/// </summary>
public class LoggingBus : ActorEventBus<object, Type>
{
    private readonly Lock _lock = new();
    private readonly List<(IActorRef Subscriber, Type Channel)> _subscriptions = [];
    private readonly List<IActorRef> _loggers = [];
    private ConcurrentDictionary<Type, IActorRef[]> _receivers = new();

    public LoggingBus()
    {
    }

    /// <summary>The least severe level that loggers hear.</summary>
    public LogLevel LogLevel { get; private set; } = LogLevel.InfoLevel;

    /// <summary>Changes what the loggers hear.</summary>
    public void SetLogLevel(LogLevel logLevel)
    {
        IActorRef[] loggers;
        lock (_lock)
        {
            LogLevel = logLevel;
            loggers = [.. _loggers];
        }

        foreach (IActorRef logger in loggers)
        {
            SubscribeLogger(logger);
        }
    }

    /// <summary>Makes an actor a logger: it hears the log events of all levels in force.</summary>
    internal void AddLogger(IActorRef logger)
    {
        lock (_lock)
        {
            _loggers.Add(logger);
        }

        SubscribeLogger(logger);
    }

    private protected override bool SubscribeCore(IActorRef subscriber, Type classifier)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        ArgumentNullException.ThrowIfNull(classifier);
        lock (_lock)
        {
            foreach ((IActorRef known, Type channel) in _subscriptions)
            {
                if (channel == classifier && known.Equals(subscriber))
                {
                    return false;
                }
            }

            _subscriptions.Add((subscriber, classifier));
            _receivers = new ConcurrentDictionary<Type, IActorRef[]>();
        }

        if (subscriber is LocalActorRef { IsNoActor: false } local)
        {
            local.Cell.PostSystem(new NoteSubscription());
        }

        return true;
    }

    private protected override bool UnsubscribeCore(IActorRef subscriber) => Remove(subscriber, null);

    private protected override bool UnsubscribeCore(IActorRef subscriber, Type classifier) => Remove(subscriber, classifier);

    private protected override void PublishCore(object @event)
    {
        foreach (IActorRef receiver in ReceiversOf(@event.GetType()))
        {
            // A letter to a stopped subscriber would be published as a dead letter, to the same subscriber.
            if (receiver is not ActorRefBase { IsGone: true })
            {
                receiver.Tell(@event, ActorRefs.NoSender);
            }
        }
    }

    private bool Remove(IActorRef subscriber, Type? channel)
    {
        lock (_lock)
        {
            if (channel is null)
            {
                _loggers.Remove(subscriber);
            }

            int removed = _subscriptions.RemoveAll(each => each.Subscriber.Equals(subscriber) && (channel is null || each.Channel == channel));
            if (removed > 0)
            {
                _receivers = new ConcurrentDictionary<Type, IActorRef[]>();
            }

            return removed > 0;
        }
    }

    private IActorRef[] ReceiversOf(Type type)
    {
        ConcurrentDictionary<Type, IActorRef[]> receivers = Volatile.Read(ref _receivers);
        if (receivers.TryGetValue(type, out IActorRef[]? known))
        {
            return known;
        }

        lock (_lock)
        {
            List<IActorRef> found = [];
            foreach ((IActorRef subscriber, Type channel) in _subscriptions)
            {
                if (channel.IsAssignableFrom(type) && !found.Contains(subscriber))
                {
                    found.Add(subscriber);
                }
            }

            return _receivers[type] = [.. found];
        }
    }

    private void SubscribeLogger(IActorRef logger)
    {
        for (LogLevel level = LogLevel.DebugLevel; level <= LogLevel.ErrorLevel; level++)
        {
            if (level >= LogLevel)
            {
                SubscribeCore(logger, level.ClassFor());
            }
            else
            {
                Remove(logger, level.ClassFor());
            }
        }
    }
}
