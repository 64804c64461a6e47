using System.Text;
using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>The text that a client reads out of an answer of any dialect, streamed or not.</summary>
internal static class CanaryAnswers
{
    public static string Text(string answer)
    {
        if (answer.StartsWith('{'))
        {
            return Of(answer, streams: false);
        }
        var text = new StringBuilder();
        foreach (var line in answer.Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal)))
        {
            text.Append(Of(line[6..], streams: true));
        }
        return text.ToString();
    }

    private static string Of(string json, bool streams)
    {
        using var document = JsonDocument.Parse(json);
        var body = document.RootElement;
        if (body.TryGetProperty("choices", out var choices))
        {
            var message = choices[0].GetProperty(streams ? "delta" : "message");
            return message.TryGetProperty("content", out var content) ? content.GetString()! : "";
        }
        if (body.TryGetProperty("candidates", out var candidates))
        {
            return candidates[0].GetProperty("content").GetProperty("parts")[0].GetProperty("text").GetString()!;
        }
        if (streams)
        {
            // Of what says the text again at its end, only the pieces are read.
            return body.GetProperty("type").GetString() switch
            {
                "response.output_text.delta" => body.GetProperty("delta").GetString()!,
                "content_block_delta" => body.GetProperty("delta").GetProperty("text").GetString()!,
                _ => "",
            };
        }
        return body.TryGetProperty("output", out var output)
            ? output[0].GetProperty("content")[0].GetProperty("text").GetString()!
            : body.GetProperty("content")[0].GetProperty("text").GetString()!;
    }
}
