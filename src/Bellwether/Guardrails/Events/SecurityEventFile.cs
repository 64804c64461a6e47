using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Bellwether.Guardrails;

/// <summary>Security events as lines of JSON, or as a table for a spreadsheet.</summary>
internal static class SecurityEventFile
{
    public const int PageSize = 500;
    private static readonly byte[] s_end = "\n"u8.ToArray();

    private const string Head = "id,time,kind,action,verdict,score,channel,place,evidence,policy,observation_id,user,session,key,endpoint,model\r\n";

    public static async Task WriteAsync(Stream into, bool csv, SecurityEventPage page, Func<string, Task<SecurityEventPage>> next, CancellationToken cancellationToken)
    {
        if (csv)
        {
            await into.WriteAsync(Encoding.UTF8.GetBytes(Head), cancellationToken);
        }
        while (true)
        {
            foreach (var item in page.Items)
            {
                await into.WriteAsync(csv ? Encoding.UTF8.GetBytes(Row(item)) : JsonSerializer.SerializeToUtf8Bytes(item, SecurityEventsJson.Default.SecurityEvent), cancellationToken);
                if (!csv)
                {
                    await into.WriteAsync(s_end, cancellationToken);
                }
            }
            if (page.Next is not { } cursor)
            {
                return;
            }
            page = await next(cursor);
        }
    }

    private static string Row(SecurityEvent item)
    {
        var row = new StringBuilder();
        foreach (var cell in new[]
        {
            item.Id.ToString(), item.Time.ToString("O", CultureInfo.InvariantCulture), item.Kind, item.Action, item.Verdict, item.Score?.ToString(CultureInfo.InvariantCulture) ?? "", item.Channel, item.Place,
            item.Evidence, item.Policy, item.ObservationId.ToString(), item.User, item.Session, item.Key, item.Endpoint, item.Model,
        })
        {
            row.Append(row.Length > 0 ? "," : "").Append(Cell(cell));
        }
        return row.Append("\r\n").ToString();
    }

    // A cell that begins like a formula is one to a spreadsheet, and callers choose users and sessions (OWASP: CSV injection).
    internal static string Cell(string text)
    {
        var safe = text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" + text : text;
        return safe.AsSpan().ContainsAny(",\"\r\n") ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }
}
