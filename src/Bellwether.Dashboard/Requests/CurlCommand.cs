using System.Globalization;
using System.Text;
using System.Text.Json;
using Bellwether.Gateway;
using Bellwether.Telemetry;

namespace Bellwether.Dashboard;

/// <summary>
/// Writes a stored request as a command for a POSIX shell. The body is hostile: nothing in it may end the quoting, name a
/// local file to curl, or reach the terminal as a control sequence when the command is pasted. The key is a variable's name.
/// </summary>
internal static class CurlCommand
{
    // Linux takes at most 128 KiB in one argument; above that the body goes in by standard input.
    private const int LargestArgument = 120 * 1024;

    /// <summary>Headers that change how the body is read and that hold no secret.</summary>
    private static readonly HashSet<string> KeptHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "content-type", "accept", "anthropic-version", "anthropic-beta", "openai-beta", "openai-organization", "openai-project",
    };

    /// <param name="server">Where Bellwether answers, without a trailing slash: <c>http://localhost:5080</c>.</param>
    public static string Write(Observation observation, ObservationPayload payload, string server)
    {
        var (method, path) = Route(observation);
        var body = Encoding.UTF8.GetString(payload.Input.Span);
        var (pipe, data) = Body(body, observation.Id);
        var lines = new List<string> { $"{pipe}curl --globoff --request {Quote(method)} {Quote(server + path)}" };
        foreach (var (name, value) in Headers(observation, payload, body.Length > 0))
        {
            lines.Add($"--header {Quote(name + ": " + value)}");
        }
        lines.Add("--header \"Authorization: Bearer $BELLWETHER_KEY\"");
        if (data is not null)
        {
            lines.Add(data);
        }
        return string.Join(" \\\n  ", lines);
    }

    /// <summary>A word for a POSIX shell that stands for exactly this text, whatever is in it; control characters are refused.</summary>
    public static string Quote(string text) => "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    /// <summary>A word for <c>printf %b</c> that stands for exactly these bytes, in printable ASCII alone.</summary>
    public static string QuoteForPrintf(string text)
    {
        var word = new StringBuilder(text.Length + 16).Append('\'');
        foreach (var value in Encoding.UTF8.GetBytes(text))
        {
            // \0ddd is POSIX's octal escape of %b; backslash and quote go the same way, so nothing is left to escape.
            _ = value is >= 0x20 and < 0x7F and not (byte)'\'' and not (byte)'\\'
                ? word.Append((char)value)
                : word.Append("\\0").Append(Convert.ToString(value, 8).PadLeft(3, '0'));
        }
        return word.Append('\'').ToString();
    }

    private static (string Pipe, string? Data) Body(string body, Guid id)
    {
        if (body.Length == 0)
        {
            return ("", null);
        }
        var text = IsJson(body) ? EscapeHiddenJson(body) : body;
        if (HasControls(text))
        {
            return ($"printf '%b' {QuoteForPrintf(body)} | ", "--data-binary @-");
        }
        if (Encoding.UTF8.GetByteCount(text) <= LargestArgument)
        {
            // --data-raw, since --data and --data-binary read a file when the text begins with '@'.
            return ("", "--data-raw " + Quote(text));
        }
        // The word is the record's id, which its author did not choose.
        var word = "BODY_" + id.ToString("N", CultureInfo.InvariantCulture);
        return ("", $"--data-binary @- <<'{word}'\n{text}\n{word}");
    }

    private static (string Method, string Path) Route(Observation observation)
    {
        if (ReplayTarget.Of(observation) is { } target)
        {
            return (target.Method, Escape(target.Path + target.Query));
        }
        var name = observation.Name;
        var space = name.IndexOf(' ', StringComparison.Ordinal);
        var method = space > 0 ? name[..space] : "POST";
        var path = space > 0 ? name[(space + 1)..] : name;
        if (!method.All(char.IsAsciiLetterUpper))
        {
            method = "POST";
        }
        return (method, Escape(path.StartsWith('/') ? path : "/" + path));
    }

    private static string Escape(string path)
    {
        var safe = new StringBuilder(path.Length);
        foreach (var value in Encoding.UTF8.GetBytes(path))
        {
            _ = value is > 0x20 and < 0x7F ? safe.Append((char)value) : safe.Append('%').Append(value.ToString("X2", CultureInfo.InvariantCulture));
        }
        return safe.ToString();
    }

    private static IEnumerable<(string Name, string Value)> Headers(Observation observation, ObservationPayload payload, bool hasBody)
    {
        var named = false;
        foreach (var (name, value) in StoredHeaders.Parse(payload.Headers).Where(h => h.Sent).Select(h => (h.Name, h.Value)))
        {
            if (KeptHeaders.Contains(name) && !HasControls(value))
            {
                named |= name.Equals("content-type", StringComparison.OrdinalIgnoreCase);
                yield return (name.ToLowerInvariant(), value);
            }
        }
        if (hasBody && !named)
        {
            yield return ("content-type", "application/json");
        }
        foreach (var (name, value) in ContextHeaders(observation))
        {
            if (value.Length > 0 && value.All(c => c is >= ' ' and < '\u007F') && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            {
                yield return (name, value);
            }
        }
    }

    private static IEnumerable<(string Name, string Value)> ContextHeaders(Observation observation)
    {
        yield return ("x-bellwether-user", observation.User);
        yield return ("x-bellwether-session", observation.Session);
        foreach (var (name, value) in observation.Properties)
        {
            yield return ("x-bellwether-property-" + name, value);
        }
    }

    private static bool IsJson(string body)
    {
        try
        {
            using var _ = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 512 });
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>In valid JSON a character beyond ASCII stands only inside a string, where <c>\uXXXX</c> means the same.</summary>
    private static string EscapeHiddenJson(string json)
    {
        if (VisibleText.CountHidden(json, 1) == 0)
        {
            return json;
        }
        var escaped = new StringBuilder(json.Length + 32);
        foreach (var run in VisibleText.Split(json))
        {
            if (run.Mark is null || run.Text.All(c => c is '\r' or '\uFFFD'))
            {
                escaped.Append(run.Text);
                continue;
            }
            foreach (var unit in run.Text)
            {
                escaped.Append("\\u").Append(((int)unit).ToString("x4", CultureInfo.InvariantCulture));
            }
        }
        return escaped.ToString();
    }

    private static bool HasControls(string text)
    {
        foreach (var c in text)
        {
            if (char.IsControl(c) && c is not ('\n' or '\t'))
            {
                return true;
            }
        }
        // What is left hidden after escaping can only be in text that is not JSON.
        return VisibleText.CountHidden(text, 1) > 0;
    }
}
