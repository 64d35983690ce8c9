using System.Collections;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Pooler.Host.Process;

/// <summary>
/// The background mode. A managed process cannot fork, so the one in the foreground starts itself again in a session of its own, waits
/// until that one reports over a pipe that it serves, and goes. Until then the new process keeps the terminal's stderr for its fatal line.
/// </summary>
internal static unsafe class Daemon
{
    /// <summary>Tells a process that it is the background one; the value is the descriptor of the pipe.</summary>
    public const string ReadyVariable = "POOLER_DAEMON_READY_DESCRIPTOR";

    private const int PipeDescriptor = 3;
    private const short NewSession = 0x80;

    // The C library's own objects, larger than any of its versions has them.
    private const int OpaqueSize = 1024;

    /// <summary>The foreground process: starts the background one and gives the exit code when that one serves or has failed.</summary>
    /// <param name="program">Path of the executable.</param>
    /// <param name="rawArguments">The arguments, each with a zero byte at its end.</param>
    /// <param name="errorText">The system's text if it cannot be started.</param>
    public static int Launch(string program, ReadOnlySpan<byte> rawArguments, out string? errorText)
    {
        int* pipe = stackalloc int[2];
        if (LibC.Pipe(pipe, LibC.CloseOnExec) != 0)
        {
            errorText = LibC.LastErrorText();
            return 1;
        }

        int error = Spawn(program, rawArguments, pipe[1], out int child);
        _ = LibC.Close(pipe[1]);
        errorText = error == 0 ? null : Marshal.GetPInvokeErrorMessage(error);
        int exitCode = error == 0 ? WaitUntilReady(pipe[0], child) : 1;
        _ = LibC.Close(pipe[0]);
        return exitCode;
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

    private static int Spawn(string program, ReadOnlySpan<byte> rawArguments, int pipe, out int child)
    {
        byte* actions = stackalloc byte[OpaqueSize];
        byte* attributes = stackalloc byte[OpaqueSize];
        LibC.InitializeFileActions(actions);
        LibC.InitializeSpawnAttributes(attributes);
        LibC.AddOpen(actions, 0, "/dev/null", 0, 0);
        LibC.AddOpen(actions, 1, "/dev/null", LibC.WriteOnly, 0);
        LibC.AddDuplicate(actions, pipe, PipeDescriptor);
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

        block.Append(ReadyVariable).Append('=').Append(PipeDescriptor).Append('\0');
        return Encoding.UTF8.GetBytes(block.ToString());
    }

    /// <summary>0 when the background process has written its byte, its own exit code when it ended without.</summary>
    private static int WaitUntilReady(int pipe, int child)
    {
        byte ready = 0;
        nint count;
        do
        {
            count = LibC.Read(pipe, &ready, 1);
        }
        while (count < 0 && Marshal.GetLastPInvokeError() == LibC.Interrupted);

        if (count == 1)
        {
            return 0;
        }

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
