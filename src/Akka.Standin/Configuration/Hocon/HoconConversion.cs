using System.Diagnostics.CodeAnalysis;

namespace Akka.Configuration.Hocon;

/// <summary>Reads a value as <typeparamref name="T"/>; false when it is something else.</summary>
internal delegate bool HoconConversion<T>(HoconValue value, [MaybeNullWhen(false)] out T result);
