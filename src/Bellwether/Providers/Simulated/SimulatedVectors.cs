using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;

namespace Bellwether.Providers;

/// <summary>Embeddings: a unit vector that is the sum of one fixed vector per word, so that the same text gives the same vector and texts that share words are near each other.</summary>
internal static class SimulatedVectors
{
    public static SimulatedReply Answer(SimulatedPrompt prompt, ref SimulatedDice dice)
    {
        var size = Size(prompt);
        var tokens = prompt.Inputs.Sum(text => Math.Max(1, (text.Length + 3) / 4));
        var body = SimulatedJson.Body(json =>
        {
            json.WriteString("object", "list");
            json.WriteStartArray("data");
            for (var i = 0; i < prompt.Inputs.Length; i++)
            {
                json.WriteStartObject();
                json.WriteString("object", "embedding");
                json.WriteNumber("index", i);
                json.WritePropertyName("embedding");
                Write(json, Of(prompt.Inputs[i], size), prompt.Base64);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteString("model", prompt.Model);
            if (!prompt.Behaviour.NoUsage)
            {
                json.WriteStartObject("usage");
                json.WriteNumber("prompt_tokens", tokens);
                json.WriteNumber("total_tokens", tokens);
                json.WriteEndObject();
            }
        });
        return SimulatedJson.Plain(body, prompt.Behaviour.Latency, SimulatedHeaders.OpenAi(dice.Id("", 24)));
    }

    public static SimulatedReply AnswerGemini(SimulatedRoute route, SimulatedPrompt prompt)
    {
        var size = Size(prompt);
        var body = SimulatedJson.Body(json =>
        {
            if (route.Operation == SimulatedOperation.GeminiEmbed)
            {
                json.WriteStartObject("embedding");
                Values(json, Of(prompt.Inputs.FirstOrDefault(""), size));
                json.WriteEndObject();
                return;
            }
            json.WriteStartArray("embeddings");
            foreach (var input in prompt.Inputs)
            {
                json.WriteStartObject();
                Values(json, Of(input, size));
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
        return SimulatedJson.Plain(body, prompt.Behaviour.Latency, []);
    }

    private static int Size(SimulatedPrompt prompt) =>
        Math.Clamp(prompt.Dimensions ?? (prompt.Model.Contains("large", StringComparison.Ordinal) ? 3_072 : prompt.Model.StartsWith("sim-", StringComparison.Ordinal) ? 64 : 1_536), 1, 8_192);

    private static float[] Of(string text, int size)
    {
        var sum = new double[size];
        foreach (var word in SimulatedWords.Of(text).Append(text))
        {
            var dice = new SimulatedDice(XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(word.ToUpperInvariant())));
            for (var i = 0; i < size; i++)
            {
                sum[i] += dice.Unit() - 0.5;
            }
        }
        var length = Math.Sqrt(sum.Sum(value => value * value));
        return Array.ConvertAll(sum, value => (float)(value / length));
    }

    private static void Write(Utf8JsonWriter json, float[] vector, bool base64)
    {
        if (!base64)
        {
            json.WriteStartArray();
            foreach (var value in vector)
            {
                json.WriteNumberValue(value);
            }
            json.WriteEndArray();
            return;
        }
        var bytes = new byte[vector.Length * 4];
        for (var i = 0; i < vector.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * 4), vector[i]);
        }
        json.WriteBase64StringValue(bytes);
    }

    private static void Values(Utf8JsonWriter json, float[] vector)
    {
        json.WritePropertyName("values");
        Write(json, vector, base64: false);
    }
}
