using Pooler.Testing.Protocol;

namespace Pooler.Integration.Tests.Statistics;

/// <summary>A logged-in raw client that counts the bytes of its messages both ways, from the login on.</summary>
internal sealed class CountingClient(RawClient client)
{
    public long Sent { get; private set; }

    public long Received { get; private set; }

    public async Task SendAsync(params byte[][] messages)
    {
        Sent += messages.Sum(message => (long)message.Length);
        await client.SendAsync(messages);
    }

    /// <summary>Reads through that many ReadyForQuery.</summary>
    public async Task ReadAsync(int readies)
    {
        for (int i = 0; i < readies; i++)
        {
            await ReadAsync('Z');
        }
    }

    /// <summary>Reads through the next message of that type.</summary>
    public async Task ReadAsync(char type)
    {
        BackendMessage message;
        do
        {
            message = await client.ReadAsync() ?? throw new EndOfStreamException($"the connection ended before message {type}");
            Received += message.Body.Length + 5;
        }
        while (message.Type != type);
    }
}
