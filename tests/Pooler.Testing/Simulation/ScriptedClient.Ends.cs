using System.Buffers.Binary;
using Pooler.Actors.Wire;

namespace Pooler.Testing.Simulation;

/// <content>The end of its connection, and what may have come before it.</content>
internal sealed partial class ScriptedClient
{
    private void Ended(string how)
    {
        if (IsDone)
        {
            return;
        }

        IsDone = true;
        End = how;
        _received.AddRange(_unseen);
        if (_model is not null)
        {
            Match();
        }

        if (_received.Count > 0)
        {
            CheckFatal();
        }

        _peer.Close();
    }

    /// <summary>Accepts FATAL errors at the end of what came, after any part of what was expected, and nothing else.</summary>
    private void CheckFatal()
    {
        // The error may begin with bytes that fitted into what was expected, and stand behind the first part of a message that nobody had asked for.
        var matched = _model is null ? [] : _model.Output[..Math.Min(_matched, _model.Output.Length)].ToArray();
        byte[] all = [.. matched, .. _received];
        for (var start = matched.Length; start >= 0; start--)
        {
            if (IsFatal(all.AsSpan(start), out var text) || IsInterruptedFatal(all.AsSpan(start), out text))
            {
                FatalText = text;
                return;
            }
        }

        if (_model is not null)
        {
            Violation = $"client {Id} received what is not its own: {Describe(_received.ToArray())}; expected {Describe(_model.Output[_matched..])}";
        }
    }

    private bool IsInterruptedFatal(ReadOnlySpan<byte> bytes, out string? text)
    {
        text = null;
        if (_server.Interrupts.OneIn == 0 || bytes.Length == 0 || !Interruptions.IsLikely(bytes[0]))
        {
            return false;
        }

        for (var cut = 1; cut <= Math.Min(bytes.Length, Interruptions.LongestMessage); cut++)
        {
            if (IsFatal(bytes[cut..], out text))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>One FATAL error behind the other; each of two connections may have broken in the midst of one.</summary>
    private static bool IsFatal(ReadOnlySpan<byte> bytes, out string? text, int cuts = 2)
    {
        text = null;
        if (bytes.Length == 0)
        {
            return true;
        }

        if (bytes[0] != BackendMessage.ErrorResponse)
        {
            return false;
        }

        var total = bytes.Length < 5 ? int.MaxValue : 1 + BinaryPrimitives.ReadInt32BigEndian(bytes[1..]);
        if (bytes.Length >= total
            && WireText.Decode(bytes[5..total]).Split('\0') is ["SFATAL", _, var message, "", ""]
            && IsFatal(bytes[total..], out _, cuts))
        {
            text = message[1..];
            return true;
        }

        for (var next = 1; cuts > 0 && next <= bytes.Length; next++)
        {
            var start = bytes[Math.Min(5, next)..Math.Min(12, next)];
            if ("SFATAL\0"u8.StartsWith(start) && IsFatal(bytes[next..], out text, cuts - 1))
            {
                return true;
            }
        }

        return false;
    }
}
