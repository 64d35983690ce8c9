namespace Akka.Actor;

/// <summary>Something that can be called off.</summary>
public interface ICancelable
{
    public bool IsCancellationRequested { get; }

    public CancellationToken Token { get; }

    public void Cancel();

    public void CancelAfter(TimeSpan delay);

    public void CancelAfter(int millisecondsDelay);

    public void Cancel(bool throwOnFirstException);
}
