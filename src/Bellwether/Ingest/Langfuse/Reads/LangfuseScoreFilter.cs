using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>Conditions on scores that the store does not know: their type, and how their number compares.</summary>
internal static class LangfuseScoreFilter
{
    /// <summary>Null when the request has none.</summary>
    public static Func<Annotation, bool>? Of(LangfuseCall call)
    {
        var type = call.Text("dataType");
        var compare = call.Text("operator");
        var value = call.Number("value");
        if (type is not ("" or "NUMERIC" or "BOOLEAN" or "CATEGORICAL" or "TEXT"))
        {
            throw LangfuseDoor.Invalid("dataType", "must be NUMERIC, BOOLEAN, CATEGORICAL or TEXT");
        }
        if (compare.Length > 0 != value is not null)
        {
            throw LangfuseDoor.Invalid(value is null ? "value" : "operator", "is needed: operator and value come together");
        }
        Func<double, bool>? holds = compare switch
        {
            "" => null,
            "=" => number => number == value,
            "!=" => number => number != value,
            "<" => number => number < value,
            "<=" => number => number <= value,
            ">" => number => number > value,
            ">=" => number => number >= value,
            _ => throw LangfuseDoor.Invalid("operator", "must be =, !=, <, <=, > or >="),
        };
        return type.Length == 0 && holds is null ? null
            : said => (type.Length == 0 || LangfuseScoreJson.Type(said) == type) && (holds is null || (said.Number is { } number && holds(number)));
    }
}
