namespace Pooler.Benchmarks.Standin;

/// <summary>Messages still to come. One thread counts, another waits for the end.</summary>
internal sealed class Countdown
{
    private readonly ManualResetEventSlim _done = new();
    private int _left;

    public void Start(int count)
    {
        _left = count;
        _done.Reset();
    }

    public void Step()
    {
        if (--_left == 0)
        {
            _done.Set();
        }
    }

    public void Wait() => _done.Wait();
}
