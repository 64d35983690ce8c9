namespace Akka.Actor;

/// <summary>Answers that say how something went.</summary>
public abstract class Status
{
    protected Status()
    {
    }

    /// <summary>It went well.</summary>
    public sealed class Success : Status
    {
        public static readonly Success Instance = new(null);

        public readonly object Status;

        public Success(object? status)
        {
            Status = status!;
        }

        public override string ToString() => $"Success: {Status}";
    }

    /// <summary>It went wrong; an Ask that is answered so faults with the cause.</summary>
    public sealed class Failure : Status
    {
        public readonly Exception Cause;

        public readonly object State;

        public Failure(Exception cause)
        {
            Cause = cause;
            State = null!;
        }

        public Failure(Exception cause, object state)
        {
            Cause = cause;
            State = state;
        }

        public override string ToString() => $"Failure: {Cause}";
    }
}
