using System.Collections;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Pooler.Host.Process;

/// <summary>
/// The background mode. A managed process cannot fork, so the one in the foreground starts itself again in a session of its own, passes on
/// what that one writes to stderr, waits until it reports that it serves, and goes. The two are connected by pipes alone, so that nothing of the
/// caller's stays open in the background.
/// </summary>
internal static unsafe class Daemon
{
    /// <summary>Tells a process that it is the background one; the value is the descriptor of the pipe.</summary>
    public const string ReadyVariable = "POOLER_DAEMON_READY_DESCRIPTOR";

    private const int StandardError = 2;
    private const int ReadyDescriptor = 3;
    private const short NewSession = 0x80;

    // The C library's own objects, larger than any of its versions has them.
    private const int OpaqueSize = 1024;

    /// <summary>The foreground process: starts the background one and gives the exit code when that one serves or has failed.</summary>
    /// <param name="program">Path of the executable.</param>
    /// <param name="rawArguments">The arguments, each with a zero byte at its end.</param>
    /// <param name="errorText">The system's text if it cannot be started.</param>
    public static int Launch(string program, ReadOnlySpan<byte> rawArguments, out string? errorText)
    {
        int* ready = stackalloc int[2];
        int* output = stackalloc int[2];
        if (LibC.Pipe(ready, LibC.CloseOnExec) != 0 || LibC.Pipe(output, LibC.CloseOnExec) != 0)
        {
            errorText = LibC.LastErrorText();
            return 1;
        }

        int error = Spawn(program, rawArguments, ready[1], output[1], out int child);
        _ = LibC.Close(ready[1]);
        _ = LibC.Close(output[1]);
        if (error != 0)
        {
            errorText = Marshal.GetPInvokeErrorMessage(error);
            return 1;
        }

        errorText = null;
        return Follow(ready[0], output[0]) ? 0 : ExitCodeOf(child);
    }

    /// <summary>True in the background process; the variable is taken out of the environment.</summary>
    public static bool TryGetReadyDescriptor(out int descriptor)
    {
        string? value = Environment.GetEnvironmentVariable(ReadyVariable);
        Environment.SetEnvironmentVariable(ReadyVariable, null);
        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out descriptor);
    }

    /// <summary>The background process: leaves the terminal for good and lets the foreground process go.</summary>
    public static void ReportReady(int readyDescriptor)
    {
        int nothing = LibC.Open("/dev/null", LibC.ReadWrite, 0);
        for (int descriptor = 0; descriptor <= 2 && nothing >= 0; descriptor++)
        {
            _ = LibC.Duplicate(nothing, descriptor);
        }

        if (nothing > 2)
        {
            _ = LibC.Close(nothing);
        }

        LibC.WriteAll(readyDescriptor, [1]);
        _ = LibC.Close(readyDescriptor);
    }

    private static int Spawn(string program, ReadOnlySpan<byte> rawArguments, int ready, int output, out int child)
    {
        byte* actions = stackalloc byte[OpaqueSize];
        byte* attributes = stackalloc byte[OpaqueSize];
        LibC.InitializeFileActions(actions);
        LibC.InitializeSpawnAttributes(attributes);
        LibC.AddOpen(actions, 0, "/dev/null", 0, 0);
        LibC.AddOpen(actions, 1, "/dev/null", LibC.WriteOnly, 0);
        LibC.AddDuplicate(actions, output, StandardError);
        LibC.AddDuplicate(actions, ready, ReadyDescriptor);
        LibC.SetSpawnFlags(attributes, NewSession);

        byte[] environment = EnvironmentBlock();
        byte*[] argumentPointers = new byte*[rawArguments.Count((byte)0) + 1];
        byte*[] environmentPointers = new byte*[environment.AsSpan().Count((byte)0) + 1];
        int processId = 0;
        int error;
        fixed (byte* arguments = rawArguments, variables = environment)
        {
            fixed (byte** argumentList = argumentPointers, environmentList = environmentPointers)
            {
                Index(arguments, rawArguments.Length, argumentList);
                Index(variables, environment.Length, environmentList);
                error = LibC.Spawn(&processId, program, actions, attributes, argumentList, environmentList);
            }
        }

        LibC.DestroyFileActions(actions);
        LibC.DestroySpawnAttributes(attributes);
        child = processId;
        return error;
    }

    /// <summary>Notes where each zero-terminated text of a block starts.</summary>
    private static void Index(byte* block, int length, byte** texts)
    {
        int count = 0;
        for (int i = 0; i < length; i++)
        {
            if (i == 0 || block[i - 1] == 0)
            {
                texts[count++] = block + i;
            }
        }

        texts[count] = null;
    }

    private static byte[] EnvironmentBlock()
    {
        var block = new StringBuilder();
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            block.Append((string)variable.Key).Append('=').Append((string?)variable.Value).Append('\0');
        }

        block.Append(ReadyVariable).Append('=').Append(ReadyDescriptor).Append('\0');
        return Encoding.UTF8.GetBytes(block.ToString());
    }

    /// <summary>Passes on what the background process writes, until it serves (true) or has ended (false).</summary>
    private static bool Follow(int ready, int output)
    {
        const int count = 2;
        LibC.PollEntry* entries = stackalloc LibC.PollEntry[count];
        entries[0] = new LibC.PollEntry { Descriptor = ready, Events = LibC.PollIn };
        entries[1] = new LibC.PollEntry { Descriptor = output, Events = LibC.PollIn };
        while (true)
        {
            if (LibC.Poll(entries, count, -1) < 0)
            {
                continue;
            }

            // Its last words come before its end is looked at.
            if (entries[1].Returned != 0)
            {
                entries[1].Descriptor = PassOn(output) ? output : -1;
            }
            else if (entries[0].Returned != 0)
            {
                byte report;
                return LibC.Read(ready, &report, 1) == 1;
            }
        }
    }

    /// <summary>Passes one piece on; false when there is no more to come.</summary>
    private static bool PassOn(int output)
    {
        const int size = 4096;
        byte* buffer = stackalloc byte[size];
        nint count = LibC.Read(output, buffer, size);
        if (count <= 0)
        {
            return count < 0 && Marshal.GetLastPInvokeError() == LibC.Interrupted;
        }

        LibC.WriteAll(StandardError, new ReadOnlySpan<byte>(buffer, (int)count));
        return true;
    }

    /// <summary>The exit code of the background process that ended before it served; never 0.</summary>
    private static int ExitCodeOf(int child)
    {
        int status = 0;
        int waited;
        do
        {
            waited = LibC.WaitFor(child, &status, 0);
        }
        while (waited < 0 && Marshal.GetLastPInvokeError() == LibC.Interrupted);

        bool exited = waited == child && (status & 0x7F) == 0;
        int exitCode = (status >> 8) & 0xFF;
        return exited && exitCode != 0 ? exitCode : 1;
    }
}
