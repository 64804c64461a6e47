using System.Collections;
using System.ComponentModel;
using System.Reflection;

namespace Bellwether.Primitives;

/// <summary>What may stand at one place of the configuration.</summary>
internal abstract record SettingShape
{
    /// <summary>A single value, converted from text.</summary>
    public sealed record Scalar(Type Type, bool MayBeEmpty) : SettingShape;

    /// <summary>Numbered entries: <c>Models:0</c>, <c>Models:1</c>.</summary>
    public sealed record Items(SettingShape Each) : SettingShape;

    /// <summary>Entries under names the operator chooses, for example providers.</summary>
    public sealed record Named(SettingShape Each) : SettingShape;

    /// <summary>Entries under known names. <paramref name="Types"/> are bound to it and hold its rules.</summary>
    public sealed record Group(Dictionary<string, SettingShape> Members, List<Type> Types) : SettingShape;

    /// <summary>The tree that all declarations make together.</summary>
    public static Group Of(IEnumerable<OptionsDeclaration> declarations)
    {
        var root = EmptyGroup();
        foreach (var declaration in declarations)
        {
            var parts = declaration.Section.Split(':', StringSplitOptions.RemoveEmptyEntries);
            var shape = Of(declaration.Type);
            if (shape is Group group)
            {
                var place = parts.Aggregate(root, Descend);
                foreach (var (name, member) in group.Members)
                {
                    place.Members[name] = member;
                }

                place.Types.Add(declaration.Type);
            }
            else
            {
                parts[..^1].Aggregate(root, Descend).Members[parts[^1]] = shape;
            }
        }

        return root;
    }

    private static SettingShape Of(Type type)
    {
        var mayBeEmpty = type == typeof(string) || Nullable.GetUnderlyingType(type) is not null;
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (IsValue(type))
        {
            return new Scalar(type, mayBeEmpty);
        }

        var interfaces = type.GetInterfaces().Append(type).Where(i => i.IsGenericType).ToList();
        if (interfaces.Find(i => i.GetGenericTypeDefinition() is var d && (d == typeof(IDictionary<,>) || d == typeof(IReadOnlyDictionary<,>))) is { } dictionary)
        {
            return new Named(Of(dictionary.GetGenericArguments()[1]));
        }

        if (typeof(IEnumerable).IsAssignableFrom(type) && interfaces.Find(i => i.GetGenericTypeDefinition() == typeof(IEnumerable<>)) is { } list)
        {
            return new Items(Of(list.GetGenericArguments()[0]));
        }

        var group = EmptyGroup();
        group.Types.Add(type);
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.SetMethod is { IsPublic: true } || !IsValue(property.PropertyType))
            {
                group.Members[property.Name] = Of(property.PropertyType);
            }
        }

        return group;
    }

    private static bool IsValue(Type type) => TypeDescriptor.GetConverter(type).CanConvertFrom(typeof(string));

    private static Group Descend(Group place, string name)
    {
        if (place.Members.GetValueOrDefault(name) is not Group next)
        {
            place.Members[name] = next = EmptyGroup();
        }

        return next;
    }

    private static Group EmptyGroup() => new(new Dictionary<string, SettingShape>(StringComparer.OrdinalIgnoreCase), []);
}
