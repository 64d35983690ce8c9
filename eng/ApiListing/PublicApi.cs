using System.Globalization;
using System.Reflection;
using System.Text;

namespace ApiListing;

/// <summary>
/// Lists what an assembly shows to the outside, one line per type and per public or protected member.
/// A type's line comes first, then its members; types and members are in ordinal order.
/// Only metadata is read (no attribute is instantiated), so a MetadataLoadContext assembly works too.
/// </summary>
internal static class PublicApi
{
    private const BindingFlags Declared = BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static |
                                          BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly Dictionary<string, string> Keywords = new()
    {
        ["System.Void"] = "void",
        ["System.Object"] = "object",
        ["System.String"] = "string",
        ["System.Boolean"] = "bool",
        ["System.Char"] = "char",
        ["System.Decimal"] = "decimal",
        ["System.SByte"] = "sbyte",
        ["System.Byte"] = "byte",
        ["System.Int16"] = "short",
        ["System.UInt16"] = "ushort",
        ["System.Int32"] = "int",
        ["System.UInt32"] = "uint",
        ["System.Int64"] = "long",
        ["System.UInt64"] = "ulong",
        ["System.Single"] = "float",
        ["System.Double"] = "double",
        ["System.IntPtr"] = "nint",
        ["System.UIntPtr"] = "nuint",
    };

    /// <summary>Attributes shown as a mark at the end of a line, by simple name.</summary>
    private static readonly string[] Marks =
        ["Obsolete", "InternalApi", "InternalStableApi", "ApiMayChange", "DoNotInherit"];

    public static IReadOnlyList<string> Of(Assembly assembly) => assembly.GetTypes()
        .Where(t => IsVisible(t) && IsSpeakable(t.Name))
        .OrderBy(t => Name(t), StringComparer.Ordinal)
        .SelectMany(t => Members(t).OrderBy(line => line, StringComparer.Ordinal).Prepend(TypeLine(t)))
        .ToList();

    // ---- types

    private static string TypeLine(Type t)
    {
        var line = new StringBuilder($"T:{Name(t, declaration: true)} : {Access(t)}{TypeModifiers(t)}{Kind(t)}");
        if (IsDelegate(t))
        {
            var invoke = t.GetMethod("Invoke")!;
            line.Append($" {ReturnType(invoke)} ({Parameters(invoke)})");
        }
        else if (t.IsEnum)
        {
            line.Append($" {Name(t.GetEnumUnderlyingType())}");
        }
        else
        {
            if (t.IsClass && t.BaseType is { FullName: not "System.Object" } parent) line.Append($"; base {Name(parent)}");
            var interfaces = DirectInterfaces(t).Select(i => Name(i)).OrderBy(n => n, StringComparer.Ordinal).ToList();
            if (interfaces.Count > 0) line.Append($"; implements {string.Join(", ", interfaces)}");
        }
        line.Append(Constraints(OwnArguments(t)));
        return line.Append(MarksOf(t)).ToString();
    }

    private static string Kind(Type t) =>
        t.IsInterface ? "interface" :
        t.IsEnum ? "enum" :
        IsDelegate(t) ? "delegate" :
        t.IsValueType ? "struct" :
        t.GetMethod("<Clone>$", Declared) != null ? "record" : "class";

    private static string TypeModifiers(Type t)
    {
        if (t.IsEnum) return Has(t, "FlagsAttribute") ? "flags " : "";
        if (t.IsInterface || IsDelegate(t)) return "";
        if (t.IsValueType)
            return (Has(t, "IsReadOnlyAttribute") ? "readonly " : "") + (Has(t, "IsByRefLikeAttribute") ? "ref " : "");
        return (t.IsAbstract, t.IsSealed) switch
        {
            (true, true) => "static ",
            (true, false) => "abstract ",
            (false, true) => "sealed ",
            _ => "",
        };
    }

    private static bool IsDelegate(Type t) => t.BaseType?.FullName == "System.MulticastDelegate";

    /// <summary>Visible interfaces that neither the base class nor another visible interface of the type brings in.</summary>
    private static IEnumerable<Type> DirectInterfaces(Type t)
    {
        var all = t.GetInterfaces().Where(IsVisible).ToList();
        var inherited = all.SelectMany(i => i.GetInterfaces()).Concat(t.BaseType?.GetInterfaces() ?? []).ToHashSet();
        return all.Where(i => !inherited.Contains(i));
    }

    private static bool IsVisible(Type t) =>
        t.IsNested ? (t.IsNestedPublic || t.IsNestedFamily || t.IsNestedFamORAssem) && IsVisible(t.DeclaringType!) : t.IsPublic;

    private static string Access(Type t) => t.IsNestedFamily || t.IsNestedFamORAssem ? "protected " : "public ";

    // ---- members

    private static IEnumerable<string> Members(Type t)
    {
        if (IsDelegate(t)) yield break;
        var owner = Name(t);

        foreach (var f in t.GetFields(Declared).Where(f => IsShown(f.Attributes) && !f.IsSpecialName && IsSpeakable(f.Name)))
            yield return $"F:{owner} " + (t.IsEnum
                ? $"{f.Name} = {Literal(f.GetRawConstantValue(), null)}"
                : $"{Access(f.Attributes)}{FieldModifiers(f)}{Name(f.FieldType)} {f.Name}" +
                  (f.IsLiteral ? $" = {Literal(f.GetRawConstantValue(), f.FieldType)}" : "")) + MarksOf(f);

        foreach (var c in t.GetConstructors(Declared).Where(c => IsShown(c) && !c.IsStatic))
            yield return $"C:{owner} {Access(c)}{SimpleName(t)}({Parameters(c)}){MarksOf(c)}";

        foreach (var p in t.GetProperties(Declared).Where(p => IsSpeakable(p.Name)))
        {
            var accessors = p.GetAccessors(nonPublic: true).Where(IsShown).ToList();
            if (accessors.Count == 0) continue;
            var widest = accessors.OrderBy(a => a.IsPublic ? 0 : 1).First();
            var body = string.Concat(accessors.OrderBy(a => a.ReturnType.FullName == "System.Void" ? 1 : 0)
                .Select(a => $"{(a.IsPublic == widest.IsPublic ? "" : Access(a))}{AccessorName(a)}; "));
            var index = p.GetIndexParameters();
            yield return $"P:{owner} {Access(widest)}{Modifiers(widest)}{(Has(p, "RequiredMemberAttribute") ? "required " : "")}" +
                         $"{ByRefName(p.PropertyType)} {p.Name}{(index.Length > 0 ? $"[{Parameters(index)}]" : "")} {{ {body}}}{MarksOf(p)}";
        }

        foreach (var e in t.GetEvents(Declared))
            if (e.GetAddMethod(nonPublic: true) is { } add && IsShown(add))
                yield return $"E:{owner} {Access(add)}{Modifiers(add)}event {Name(e.EventHandlerType!)} {e.Name}{MarksOf(e)}";

        foreach (var m in t.GetMethods(Declared).Where(m => IsShown(m) && IsSpeakable(m.Name) && !IsAccessor(m)))
            yield return $"M:{owner} {Access(m)}{Modifiers(m)}{ReturnType(m)} {m.Name}" +
                         $"{Angle(m.GetGenericArguments().Select(a => a.Name))}({Parameters(m)})" +
                         $"{Constraints(m.GetGenericArguments())}{MarksOf(m)}";
    }

    private static bool IsAccessor(MethodInfo m) =>
        m.IsSpecialName && new[] { "get_", "set_", "add_", "remove_" }.Any(m.Name.StartsWith);

    private static string AccessorName(MethodInfo m) =>
        m.ReturnType.FullName != "System.Void" ? "get" :
        m.ReturnParameter.GetRequiredCustomModifiers().Any(x => x.Name == "IsExternalInit") ? "init" : "set";

    private static bool IsShown(MethodBase m) => m.IsPublic || m.IsFamily || m.IsFamilyOrAssembly;

    private static bool IsShown(FieldAttributes a) =>
        (a & FieldAttributes.FieldAccessMask) is FieldAttributes.Public or FieldAttributes.Family or FieldAttributes.FamORAssem;

    private static string Access(MethodBase m) => m.IsPublic ? "public " : "protected ";

    private static string Access(FieldAttributes a) =>
        (a & FieldAttributes.FieldAccessMask) == FieldAttributes.Public ? "public " : "protected ";

    private static string FieldModifiers(FieldInfo f) =>
        f.IsLiteral ? "const " : (f.IsStatic ? "static " : "") + (f.IsInitOnly ? "readonly " : "");

    private static string Modifiers(MethodInfo m)
    {
        var text = m.IsStatic ? "static " : "";
        if (m.DeclaringType!.IsInterface)
            return m.IsStatic == m.IsAbstract ? text + (m.IsStatic ? "abstract " : "virtual ") : text;
        if (!m.IsVirtual) return text;
        var newSlot = (m.Attributes & MethodAttributes.NewSlot) != 0;
        return text + (m.IsAbstract, newSlot, m.IsFinal) switch
        {
            (true, true, _) => "abstract ",
            (true, false, _) => "abstract override ",
            (_, true, false) => "virtual ",
            (_, true, true) => "",
            (_, false, true) => "sealed override ",
            _ => "override ",
        };
    }

    // ---- parameters

    private static string ReturnType(MethodInfo m) => ByRefName(m.ReturnType);

    private static string ByRefName(Type t) => t.IsByRef ? "ref " + Name(t.GetElementType()!) : Name(t);

    private static string Parameters(MethodBase m) =>
        (Has(m, "ExtensionAttribute") ? "this " : "") + Parameters(m.GetParameters());

    private static string Parameters(IEnumerable<ParameterInfo> parameters) =>
        string.Join(", ", parameters.Select(p => Direction(p) + Name(p.ParameterType.IsByRef ? p.ParameterType.GetElementType()! : p.ParameterType) +
                                                 $" {p.Name ?? "arg" + p.Position}" +
                                                 (p.HasDefaultValue ? $" = {Literal(p.RawDefaultValue, p.ParameterType)}" : "")));

    private static string Direction(ParameterInfo p) =>
        p.ParameterType.IsByRef ? p.IsOut ? "out " : p.IsIn ? "in " : "ref " :
        Has(p, "ParamArrayAttribute") || Has(p, "ParamCollectionAttribute") ? "params " : "";

    private static string Literal(object? value, Type? type)
    {
        var inner = type is { IsGenericType: true } && type.Name == "Nullable`1" ? type.GetGenericArguments()[0] : type;
        if (value is null or Missing)
            return type is null || (!type.IsValueType && !type.IsGenericParameter) || inner != type ? "null" : "default";
        if (inner is { IsEnum: true })
            return inner.GetFields().FirstOrDefault(f => f.IsLiteral && value.Equals(f.GetRawConstantValue())) is { } member
                ? $"{Name(inner)}.{member.Name}"
                : $"({Name(inner)}){value}";
        return value switch
        {
            bool b => b ? "true" : "false",
            string s => "\"" + string.Concat(s.Select(Escape)) + "\"",
            char c => $"'{Escape(c)}'",
            IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString()!,
        };
    }

    private static string Escape(char c) => c switch
    {
        '"' => "\\\"",
        '\\' => @"\\",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        < ' ' or > '~' => $"\\u{(int)c:x4}",
        _ => c.ToString(),
    };

    // ---- names and generics

    private static string Name(Type t, bool declaration = false)
    {
        if (t.IsGenericParameter) return t.Name;
        if (t.IsArray) return $"{Name(t.GetElementType()!)}[{new string(',', t.GetArrayRank() - 1)}]";
        if (t.IsPointer) return Name(t.GetElementType()!) + "*";
        if (t.FullName is { } full && Keywords.TryGetValue(full, out var keyword)) return keyword;
        if (t.IsGenericType && t.Name == "Nullable`1" && !t.IsGenericTypeDefinition) return Name(t.GetGenericArguments()[0]) + "?";

        // A nested type's arguments start with those of the types around it.
        var arguments = t.GetGenericArguments();
        var path = new List<string>();
        for (Type? level = t; level != null; level = level.DeclaringType)
        {
            var skip = level.DeclaringType?.GetGenericArguments().Length ?? 0;
            var own = arguments[skip..level.GetGenericArguments().Length].Select(a => (declaration ? Variance(a) : "") + Name(a));
            path.Insert(0, SimpleName(level) + Angle(own));
        }
        return (string.IsNullOrEmpty(t.Namespace) ? "" : t.Namespace + ".") + string.Join(".", path);
    }

    private static string SimpleName(Type t) => t.Name.Split('`')[0];

    private static bool IsSpeakable(string name) => !name.Contains('<');

    private static string Angle(IEnumerable<string> arguments) =>
        string.Join(", ", arguments) is { Length: > 0 } list ? $"<{list}>" : "";

    private static Type[] OwnArguments(Type t) =>
        t.GetGenericArguments()[(t.DeclaringType?.GetGenericArguments().Length ?? 0)..];

    private static string Variance(Type t) => !t.IsGenericParameter ? "" :
        (t.GenericParameterAttributes & GenericParameterAttributes.VarianceMask) switch
        {
            GenericParameterAttributes.Covariant => "out ",
            GenericParameterAttributes.Contravariant => "in ",
            _ => "",
        };

    private static string Constraints(IEnumerable<Type> arguments) => string.Concat(arguments.Select(a =>
    {
        var flags = a.GenericParameterAttributes;
        var isStruct = (flags & GenericParameterAttributes.NotNullableValueTypeConstraint) != 0;
        var list = new List<string>();
        if ((flags & GenericParameterAttributes.ReferenceTypeConstraint) != 0) list.Add("class");
        if (isStruct) list.Add(Has(a, "IsUnmanagedAttribute") ? "unmanaged" : "struct");
        list.AddRange(a.GetGenericParameterConstraints().Where(c => c.FullName != "System.ValueType")
            .OrderBy(c => c.IsInterface).ThenBy(c => Name(c), StringComparer.Ordinal).Select(c => Name(c)));
        if (!isStruct && (flags & GenericParameterAttributes.DefaultConstructorConstraint) != 0) list.Add("new()");
        return list.Count == 0 ? "" : $" where {a.Name} : {string.Join(", ", list)}";
    }));

    // ---- attributes

    private static string MarksOf(MemberInfo m) =>
        string.Concat(Marks.Where(mark => Has(m, mark + "Attribute")).Select(mark => $" [{mark}]"));

    private static bool Has(MemberInfo m, string attribute) => m.GetCustomAttributesData().Any(a => a.AttributeType.Name == attribute);

    private static bool Has(ParameterInfo p, string attribute) => p.GetCustomAttributesData().Any(a => a.AttributeType.Name == attribute);
}
