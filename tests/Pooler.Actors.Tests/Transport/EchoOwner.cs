using Pooler.Actors.Transport;

namespace Pooler.Actors.Tests.Transport;

/// <summary>Sends back what it receives, and like a relay stops reading while something is unsent. Closes after the end of the stream.</summary>
internal sealed class EchoOwner : IConnectionOwner
{
    public void Signal(Connection connection, ConnectionSignal signal)
    {
        if (signal == ConnectionSignal.Drained)
        {
            connection.ResumeReading();
            return;
        }

        switch (connection.Receive(out var bytes))
        {
            case ReceiveStatus.Data:
                connection.Send(bytes);
                if (connection.Unsent > 0)
                {
                    connection.PauseReading();
                }

                break;
            case ReceiveStatus.EndOfStream:
                connection.CloseAfterFlush();
                break;
            case ReceiveStatus.Failed:
                connection.Close();
                break;
        }
    }
}
