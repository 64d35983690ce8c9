using System.Reflection;
using System.Runtime.CompilerServices;

namespace Pooler.Actors.Admin.Show;

/// <summary>How many bytes objects take: their header and their own fields, without what they refer to.</summary>
internal static class ObjectSize
{
    // The header and the pointer to the type's table; everything is aligned to the size of a pointer.
    private static readonly int Header = 2 * IntPtr.Size;

    /// <summary>Bytes of one object of each of these types together.</summary>
    public static int Of(params ReadOnlySpan<Type> types)
    {
        int sum = 0;
        foreach (Type type in types)
            sum += Of(type);

        return sum;
    }

    private static int Of(Type type)
    {
        int fields = 0;
        for (Type? current = type; current is not null; current = current.BaseType)
        {
            const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
            foreach (FieldInfo field in current.GetFields(Own))
                fields += field.FieldType.IsValueType ? RuntimeHelpers.SizeOf(field.FieldType.TypeHandle) : IntPtr.Size;
        }

        return Header + ((fields + IntPtr.Size - 1) / IntPtr.Size * IntPtr.Size);
    }
}
