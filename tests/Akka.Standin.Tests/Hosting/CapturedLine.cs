using Microsoft.Extensions.Logging;

namespace Akka.Standin.Tests.Hosting;

internal sealed record CapturedLine(LogLevel Level, string Category, string Text, Exception? Cause);
