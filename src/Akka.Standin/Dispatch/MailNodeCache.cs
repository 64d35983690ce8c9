namespace Akka.Dispatch;

/// <summary>
/// The unused nodes of one thread. Where one thread sends and another receives, the receiver's surplus goes back
/// through a small depot that all threads share, a batch at a time.
/// </summary>
internal sealed class MailNodeCache
{
    private const int BatchSize = 128;
    private const int DepotSize = 64;

    private static readonly MailNode?[] Depot = new MailNode?[DepotSize];
    private static readonly Lock DepotLock = new();
    private static int _depotCount;

    [ThreadStatic]
    private static MailNodeCache? _current;

    private MailNode? _top;
    private int _count;

    internal static MailNodeCache Current => _current ??= new MailNodeCache();

    internal MailNode Rent()
    {
        MailNode? node = _top;
        if (node is null)
        {
            return RentFromDepot();
        }

        _top = node.Next;
        _count--;
        return node;
    }

    internal void Return(MailNode node)
    {
        node.Message = null;
        node.Sender = null;
        node.Next = _top;
        _top = node;
        if (++_count >= 2 * BatchSize)
        {
            ReturnBatch();
        }
    }

    private MailNode RentFromDepot()
    {
        // The count is read without the lock: a stale answer costs one allocation or one lock.
        if (Volatile.Read(ref _depotCount) == 0)
        {
            return new MailNode();
        }

        MailNode? batch = null;
        lock (DepotLock)
        {
            if (_depotCount > 0)
            {
                batch = Depot[--_depotCount];
                Depot[_depotCount] = null;
            }
        }

        if (batch is null)
        {
            return new MailNode();
        }

        _top = batch.Next;
        _count = BatchSize - 1;
        return batch;
    }

    private void ReturnBatch()
    {
        MailNode first = _top!;
        MailNode last = first;
        for (int i = 1; i < BatchSize; i++)
        {
            last = last.Next!;
        }

        _top = last.Next;
        _count -= BatchSize;
        last.Next = null;
        lock (DepotLock)
        {
            if (_depotCount < DepotSize)
            {
                Depot[_depotCount++] = first;
            }
        }
    }
}
