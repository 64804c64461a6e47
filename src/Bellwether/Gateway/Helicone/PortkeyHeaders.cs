using System.Collections.Immutable;
using System.Text.Json;
using Bellwether.Exchange;

namespace Bellwether.Gateway;

/// <summary>Portkey's request headers, read into the same fields as Helicone's. Its configuration may hold keys and is never kept.</summary>
internal static class PortkeyHeaders
{
    public static readonly string Prefix = "x-portkey-";

    /// <summary>Takes a header whose name starts with <see cref="Prefix"/>.</summary>
    public static void Read(CallerWishes wishes, ModelCall call, string name, string value, ref ImmutableArray<KeyValuePair<string, string>>.Builder? properties)
    {
        try
        {
            ReadOne(wishes, call, name, value, ref properties);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair shows only when its text is read.
            wishes.Refuse(name, "must be a JSON object");
        }
    }

    private static void ReadOne(CallerWishes wishes, ModelCall call, string name, string value, ref ImmutableArray<KeyValuePair<string, string>>.Builder? properties)
    {
        switch (name[Prefix.Length..].ToLowerInvariant())
        {
            case "provider":
                wishes.Provider = value.TrimStart('@');
                break;
            case "trace-id":
                call.Session = call.Session.Length > 0 ? call.Session : CallerHeaders.Cut(value, 256);
                CallerHeaders.Add(ref properties, "trace-id", value);
                break;
            case "metadata":
                ReadMetadata(wishes, call, name, value, ref properties);
                break;
            case "config":
                ReadConfig(wishes, name, value, ref properties);
                break;
        }
    }

    // {"_user":"u-1","environment":"production"}
    private static void ReadMetadata(
        CallerWishes wishes, ModelCall call, string name, string value, ref ImmutableArray<KeyValuePair<string, string>>.Builder? properties)
    {
        using var json = Object(wishes, name, value);
        if (json is null)
        {
            return;
        }
        foreach (var entry in json.RootElement.EnumerateObject())
        {
            var text = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString()! : entry.Value.GetRawText();
            if (entry.NameEquals("_user"))
            {
                call.User = CallerHeaders.Cut(text, 256);
            }
            else
            {
                CallerHeaders.Add(ref properties, entry.Name, text);
            }
        }
    }

    // The name of a stored configuration, or {"retry":{"attempts":3},"cache":{"mode":"simple","max_age":60}}
    private static void ReadConfig(CallerWishes wishes, string name, string value, ref ImmutableArray<KeyValuePair<string, string>>.Builder? properties)
    {
        if (!value.AsSpan().TrimStart().StartsWith('{'))
        {
            CallerHeaders.Add(ref properties, "portkey-config", value);
            return;
        }
        using var json = Object(wishes, name, value);
        if (json is null)
        {
            return;
        }
        var root = json.RootElement;
        if (root.TryGetProperty("retry", out var retry) && retry.ValueKind == JsonValueKind.Object
            && retry.TryGetProperty("attempts", out var attempts) && attempts.ValueKind == JsonValueKind.Number && attempts.TryGetInt32(out var count))
        {
            wishes.Retries = new UpstreamRetries { Enabled = true, Count = Math.Clamp(count, 0, 10) };
        }
        if (root.TryGetProperty("cache", out var cache) && cache.ValueKind == JsonValueKind.Object)
        {
            wishes.Cache.Enabled = true;
            if (cache.TryGetProperty("max_age", out var age) && age.ValueKind == JsonValueKind.Number)
            {
                wishes.Cache.Control = "max-age=" + age.GetRawText();
            }
        }
    }

    private static JsonDocument? Object(CallerWishes wishes, string name, string value)
    {
        try
        {
            var json = JsonDocument.Parse(value);
            if (json.RootElement.ValueKind == JsonValueKind.Object)
            {
                return json;
            }
            json.Dispose();
        }
        catch (JsonException)
        {
            // Said below, with the header's name.
        }
        wishes.Refuse(name, "must be a JSON object");
        return null;
    }
}
