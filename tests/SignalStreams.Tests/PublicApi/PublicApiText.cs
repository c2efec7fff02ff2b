using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using System.Text;

namespace SignalStreams.Tests.PublicApi;

/// <summary>Writes down what an assembly shows to its users, one line a member, in an order that does not depend on the compiler.</summary>
internal static class PublicApiText
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext Nullability = new();

    public static string Of(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().Where(IsWritten).OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(Platforms(type)).Append(Header(type)).Append('\n');
            foreach (var line in type.GetMembers(Declared).SelectMany(Member).OrderBy(line => line, StringComparer.Ordinal))
            {
                text.Append("    ").Append(line).Append('\n');
            }
        }

        return text.ToString();
    }

    private static bool IsWritten(MemberInfo member) => !member.Name.Contains('<', StringComparison.Ordinal) && member.GetCustomAttribute<CompilerGeneratedAttribute>() is null;

    private static string Header(Type type)
    {
        var kind = type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? "struct"
            : type.IsAbstract && type.IsSealed ? "static class" : type.IsSealed ? "sealed class" : type.IsAbstract ? "abstract class" : "class";
        var bases = type.IsEnum ? [] : type.GetInterfaces().Where(i => i.IsPublic).Select(Name).Order(StringComparer.Ordinal).ToList();
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && parent != typeof(Enum))
        {
            bases.Insert(0, Name(parent));
        }

        return $"{kind} {type.Namespace}.{Name(type)}{(bases.Count == 0 ? "" : " : " + string.Join(", ", bases))}";
    }

    private static IEnumerable<string> Member(MemberInfo member) => !IsWritten(member) ? [] : member switch
    {
        FieldInfo { IsPublic: true, IsLiteral: true } field =>
            [$"{Platforms(field)}{field.Name} = {Convert.ToString(field.GetRawConstantValue(), CultureInfo.InvariantCulture)}"],
        FieldInfo { IsPublic: true, IsSpecialName: false } field => [$"{Name(field.FieldType)} {field.Name}"],
        PropertyInfo property when (property.GetMethod ?? property.SetMethod) is { } accessor && IsVisible(accessor) => [Property(property, accessor)],
        ConstructorInfo constructor when IsVisible(constructor) && !constructor.IsStatic => [$"{Access(constructor)}.ctor({Parameters(constructor)})"],
        MethodInfo { IsSpecialName: false } method when IsVisible(method) && method.Name != "Finalize" => [Method(method)],
        EventInfo { AddMethod: { } add } @event when IsVisible(add) => [$"event {Name(@event.EventHandlerType!)} {@event.Name}"],
        _ => [],
    };

    private static string Property(PropertyInfo property, MethodInfo accessor)
    {
        var set = property.SetMethod is not { } setter || !IsVisible(setter) ? ""
            : setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? " init;" : " set;";
        var nullable = Nullability.Create(property).ReadState == NullabilityState.Nullable && !property.PropertyType.IsValueType ? "?" : "";
        return $"{Access(accessor)}{Static(accessor)}{Name(property.PropertyType)}{nullable} {property.Name} {{{(property.GetMethod is null ? "" : " get;")}{set} }}";
    }

    private static string Method(MethodInfo method)
    {
        var arguments = method.IsGenericMethodDefinition ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";
        var extension = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        return $"{Access(method)}{Static(method)}{Name(method.ReturnType)} {method.Name}{arguments}({extension}{Parameters(method)})";
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
    {
        var prefix = parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : parameter.IsOut ? "out " : "";
        var nullable = !parameter.ParameterType.IsValueType && !parameter.IsOut && Nullability.Create(parameter).ReadState == NullabilityState.Nullable ? "?" : "";
        var optional = parameter.HasDefaultValue ? $" = {Convert.ToString(parameter.DefaultValue ?? "default", CultureInfo.InvariantCulture)}" : "";
        return $"{prefix}{Name(parameter.ParameterType)}{nullable} {parameter.Name}{optional}";
    }));

    private static bool IsVisible(MethodBase method) => method.IsPublic || (!method.DeclaringType!.IsSealed && (method.IsFamily || method.IsFamilyOrAssembly));

    private static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static string Static(MethodBase method) => method.IsStatic ? "static " : "";

    private static string Platforms(MemberInfo member) => string.Concat(
        member.GetCustomAttributes<OSPlatformAttribute>().Select(a => $"[{(a is SupportedOSPlatformAttribute ? "" : "not ")}{a.PlatformName}] "));

    private static string Name(Type type)
    {
        if (type.IsByRef)
        {
            return Name(type.GetElementType()!);
        }

        if (type.IsArray)
        {
            return Name(type.GetElementType()!) + "[]";
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Name(underlying) + "?";
        }

        var name = type.IsNested && !type.IsGenericParameter ? $"{Name(type.DeclaringType!)}.{type.Name}" : type.Name;
        return type.IsGenericType ? $"{name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : name;
    }
}
