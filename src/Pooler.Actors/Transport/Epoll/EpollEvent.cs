using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Pooler.Actors.Transport.Epoll;

/// <summary>
/// Access to struct epoll_event in raw memory: 32 bits of events, then 64 bits of data. On x64 the structure is packed (12 bytes), elsewhere
/// the data is aligned (16 bytes); the JIT sees these fields as constants.
/// </summary>
internal static unsafe class EpollEvent
{
    internal static readonly int Size = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    internal static void Write(byte* epollEvent, uint events, ulong data)
    {
        *(uint*)epollEvent = events;
        Unsafe.WriteUnaligned(epollEvent + DataOffset, data);
    }

    internal static uint Events(byte* epollEvent) => *(uint*)epollEvent;

    internal static ulong Data(byte* epollEvent) => Unsafe.ReadUnaligned<ulong>(epollEvent + DataOffset);
}
