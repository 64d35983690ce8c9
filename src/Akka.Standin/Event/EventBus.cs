namespace Akka.Event;

/// <summary>Passes events on to those who subscribed to their kind.</summary>
public abstract class EventBus<TEvent, TClassifier, TSubscriber>
{
    private protected EventBus()
    {
    }

    /// <returns>False when the subscription is there already.</returns>
    public virtual bool Subscribe(TSubscriber subscriber, TClassifier classifier) => SubscribeCore(subscriber, classifier);

    /// <summary>Takes the subscriber out of all kinds.</summary>
    public virtual bool Unsubscribe(TSubscriber subscriber) => UnsubscribeCore(subscriber);

    public virtual bool Unsubscribe(TSubscriber subscriber, TClassifier classifier) => UnsubscribeCore(subscriber, classifier);

    public virtual void Publish(TEvent @event) => PublishCore(@event);

    private protected abstract bool SubscribeCore(TSubscriber subscriber, TClassifier classifier);

    private protected abstract bool UnsubscribeCore(TSubscriber subscriber);

    private protected abstract bool UnsubscribeCore(TSubscriber subscriber, TClassifier classifier);

    private protected abstract void PublishCore(TEvent @event);
}
