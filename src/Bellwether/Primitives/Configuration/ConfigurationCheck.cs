using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Bellwether.Primitives;

/// <summary>Walks the configured keys along the declared shape and collects what does not fit.</summary>
internal sealed class ConfigurationCheck(IConfigurationRoot configuration, List<ConfigurationError> errors)
{
    /// <summary>Where <see cref="IValidatableObject"/> finds the name its section has.</summary>
    internal static readonly object NameItem = "name";

    private readonly ConfigurationSource _source = new(configuration);

    public void Check(IConfigurationSection section, SettingShape shape)
    {
        switch (shape)
        {
            case SettingShape.Scalar scalar:
                CheckScalar(section, scalar);
                break;
            case SettingShape.Items items:
                CheckNoValue(section, "is a list: its entries are set as :0, :1, …");
                foreach (var child in section.GetChildren())
                {
                    if (int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                    {
                        Check(child, items.Each);
                    }
                    else
                    {
                        Add(child, "is not the number of an entry: a list is set as :0, :1, …");
                    }
                }

                break;
            case SettingShape.Named named:
                CheckNoValue(section, "is a group of named entries and has no value of its own");
                foreach (var child in section.GetChildren())
                {
                    Check(child, named.Each);
                }

                break;
            case SettingShape.Group group:
                CheckGroup(section, group);
                break;
        }
    }

    private void CheckScalar(IConfigurationSection section, SettingShape.Scalar scalar)
    {
        if (section.GetChildren().Any())
        {
            foreach (var child in section.GetChildren())
            {
                Add(child, $"{section.Path} is a single value and has nothing below it");
            }

            return;
        }

        if (section.Value is { } text && !(text.Length == 0 && scalar.MayBeEmpty) && Convert(text, scalar.Type) is null)
        {
            Add(section, $"is not {Describe(scalar.Type)}");
        }
    }

    private void CheckGroup(IConfigurationSection section, SettingShape.Group group)
    {
        CheckNoValue(section, "is a group of settings and has no value of its own");
        var before = errors.Count;
        foreach (var child in section.GetChildren())
        {
            if (group.Members.TryGetValue(child.Key, out var member))
            {
                Check(child, member);
            }
            else
            {
                AddUnknown(child, group.Members.Keys);
            }
        }

        // A class whose values do not convert cannot be bound, and would repeat what was just said.
        if (errors.Count == before)
        {
            foreach (var type in group.Types)
            {
                CheckRules(section, type);
            }
        }
    }

    private void CheckRules(IConfigurationSection section, Type type)
    {
        var bound = section.Get(type) ?? Activator.CreateInstance(type)!;
        var results = new List<ValidationResult>();
        // An entry under a chosen name may depend on that name.
        var context = new ValidationContext(bound, new Dictionary<object, object?> { [NameItem] = section.Key });
        Validator.TryValidateObject(bound, context, results, validateAllProperties: true);
        if (results.Count > 0 && bound is IValidatableObject more)
        {
            // The framework asks the object only once its attributes agree; we report all errors at once.
            results.AddRange(more.Validate(context).Where(result => !results.Exists(known => known.ErrorMessage == result.ErrorMessage)));
        }

        foreach (var result in results)
        {
            var name = result.MemberNames.FirstOrDefault();
            Add(name is null ? section : section.GetSection(name), result.ErrorMessage ?? "is not valid");
        }
    }

    private void CheckNoValue(IConfigurationSection section, string problem)
    {
        // An empty JSON object or array arrives as an empty value.
        if (section.Value is { Length: > 0 })
        {
            Add(section, problem);
        }
    }

    private void AddUnknown(IConfigurationSection section, IEnumerable<string> known)
    {
        var near = NearestName.Of(section.Key, known);
        var hint = near is null ? "is not a setting of Bellwether" : $"is not a setting of Bellwether; did you mean {section.Path[..^section.Key.Length]}{near}?";
        var leaf = section;
        while (leaf.Value is null && leaf.GetChildren().FirstOrDefault() is { } first)
        {
            leaf = first;
        }

        // A secret under a misspelt name is still a secret, and a long text under a name like no other may be one.
        var hidden = SecretNames.MayBeSecret(leaf.Path) || (near is null ? leaf.Value?.Length > 12 : SecretNames.MayBeSecret(near));
        errors.Add(new ConfigurationError(leaf.Path, leaf.Value is null ? null : hidden ? "***" : leaf.Value, _source.Of(leaf.Path), hint));
    }

    private void Add(IConfigurationSection section, string problem) =>
        errors.Add(new ConfigurationError(section.Path, Shown(section), _source.Of(section.Path), problem));

    /// <summary>The value as it may be repeated in an error: <c>***</c> where it may be a secret, null where the key has none.</summary>
    public static string? Shown(IConfigurationSection section) =>
        section.Value is null ? null : SecretNames.MayBeSecret(section.Path) || HasUserInfo(section.Value) ? "***" : section.Value;

    // https://user:password@host
    private static bool HasUserInfo(string text) => text.Contains("://", StringComparison.Ordinal) && text.Contains('@', StringComparison.Ordinal);

    private static object? Convert(string text, Type type)
    {
        try
        {
            var value = TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text);
            return value is Enum e && !Enum.IsDefined(type, e) ? null : value;
        }
        catch (Exception error) when (error is ArgumentException or FormatException or NotSupportedException or OverflowException)
        {
            return null;
        }
    }

    private static string Describe(Type type) =>
        type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type).Select(name => name.ToLowerInvariant()))}"
        : type == typeof(bool) ? "true or false"
        : type == typeof(TimeSpan) ? "a time span such as 00:00:30 (hours, minutes, seconds)"
        : type == typeof(Uri) ? "a URL"
        : type == typeof(int) || type == typeof(long) ? "a whole number"
        : type == typeof(double) || type == typeof(decimal) ? "a number, with a point for the decimals"
        : $"a {type.Name}";
}
