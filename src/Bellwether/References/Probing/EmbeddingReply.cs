using System.Text.Json;

namespace Bellwether.References;

/// <summary>Reads two vectors out of an answer of <c>/v1/embeddings</c>.</summary>
internal static class EmbeddingReply
{
    /// <summary>Their cosine; null when there are not two of one length.</summary>
    public static double? Cosine(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            // {"data":[{"embedding":[0.1,…],"index":0},{"embedding":[…],"index":1}]}
            var data = document.RootElement.GetProperty("data");
            var (a, b) = (Vector(data[0]), Vector(data[1]));
            if (a.Length == 0 || a.Length != b.Length) { return null; }
            double dot = 0, left = 0, right = 0;
            for (var i = 0; i < a.Length; i++)
            {
                dot += a[i] * b[i];
                left += a[i] * a[i];
                right += b[i] * b[i];
            }
            return left > 0 && right > 0 && dot / Math.Sqrt(left * right) is var cosine && double.IsFinite(cosine) ? cosine : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or IndexOutOfRangeException or FormatException)
        {
            return null;
        }
    }

    private static double[] Vector(JsonElement item) => [.. item.GetProperty("embedding").EnumerateArray().Select(value => value.GetDouble())];
}
