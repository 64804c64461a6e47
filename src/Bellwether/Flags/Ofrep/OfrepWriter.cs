using System.Runtime.InteropServices;
using System.Text.Json;

namespace Bellwether.Flags;

/// <summary>Writes answers as the OpenFeature Remote Evaluation Protocol 0.3 has them (https://github.com/open-feature/protocol).</summary>
internal static class OfrepWriter
{
    public static string NameOf(FlagReason reason) => reason switch
    {
        FlagReason.Static => "STATIC",
        FlagReason.TargetingMatch => "TARGETING_MATCH",
        FlagReason.Split => "SPLIT",
        FlagReason.Disabled => "DISABLED",
        FlagReason.NoRuleHeld => "UNKNOWN",
        FlagReason.NoUnit => OfrepProblem.NoUnit.Code,
        _ => throw new ArgumentOutOfRangeException(nameof(reason)),
    };

    /// <summary><c>{"key","value","reason","variant","metadata"}</c>, or the failure of this flag. A value is always there: the npm provider for servers takes a missing one for an error.</summary>
    public static void Write(Utf8JsonWriter json, Flag flag, FlagResult result)
    {
        if (result.Variant is not { } variant)
        {
            Write(json, flag.Key, OfrepProblem.NoUnit);
            return;
        }
        json.WriteStartObject();
        json.WriteString("key"u8, flag.Key);
        json.WritePropertyName("value"u8);
        json.WriteRawValue(JsonMarshal.GetRawUtf8Value(variant.Value), skipInputValidation: true);
        json.WriteString("reason"u8, NameOf(result.Reason));
        json.WriteString("variant"u8, result.VariantName);
        json.WriteStartObject("metadata"u8);
        json.WriteNumber("version"u8, flag.Version);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary><c>{"key","errorCode","errorDetails"}</c>; of a bulk request without a key.</summary>
    public static void Write(Utf8JsonWriter json, string? key, OfrepProblem problem)
    {
        json.WriteStartObject();
        if (key is not null)
        {
            json.WriteString("key"u8, key);
        }
        if (problem.Code.Length > 0)
        {
            json.WriteString("errorCode"u8, problem.Code);
        }
        json.WriteString("errorDetails"u8, problem.Details);
        json.WriteEndObject();
    }
}

/// <summary>Why there is no value.</summary>
/// <param name="Code">OpenFeature's word; empty where the fault is ours.</param>
internal sealed record OfrepProblem(string Code, string Details)
{
    public static readonly OfrepProblem NoUnit = new("TARGETING_KEY_MISSING", "The flag is given to a share of the users: context.targetingKey must say who it is for.");

    public static readonly OfrepProblem NotFound = new("FLAG_NOT_FOUND", "The project of this key has no such flag.");

    public static readonly OfrepProblem Ours = new("", "The flags could not be evaluated. The request id leads to the entry in the server's log.");

    public static OfrepProblem Parse(string details) => new("PARSE_ERROR", details);

    public static OfrepProblem Context(string details) => new("INVALID_CONTEXT", details);
}
