using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;

namespace Bellwether.Flags;

/// <summary><c>{"context":{"targetingKey":"user-1","plan":"pro"}}</c>. Nothing is believed of the Content-Type.</summary>
internal sealed class OfrepRequest : IDisposable
{
    /// <summary>Of the body. A context is what an application knows of a user, not what the user wrote.</summary>
    private const int MostBytes = 64 * 1024;
    private static readonly JsonDocumentOptions s_json = new() { MaxDepth = 32 };

    private readonly JsonDocument? _document;

    private OfrepRequest(JsonDocument? document, FlagContext context, OfrepProblem? problem)
    {
        _document = document;
        Context = context;
        Problem = problem;
    }

    public FlagContext Context { get; }

    /// <summary>Null when the request can be answered.</summary>
    public OfrepProblem? Problem { get; }

    public static async ValueTask<OfrepRequest> ReadAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            if (read.Buffer.Length > MostBytes)
            {
                reader.AdvanceTo(read.Buffer.End);
                return Refuse(OfrepProblem.Parse($"The body may have at most {MostBytes} bytes."));
            }
            if (read.IsCompleted)
            {
                // Copied out, because the document points into it until it is disposed of.
                var body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return Read(body);
            }
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    public static OfrepRequest Read(byte[] body)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body, s_json);
        }
        catch (JsonException error)
        {
            return Refuse(OfrepProblem.Parse($"The body is not valid JSON (line {error.LineNumber + 1}, byte {error.BytePositionInLine})."));
        }
        var (context, problem) = Read(document.RootElement);
        if (problem is null)
        {
            return new(document, context, null);
        }
        document.Dispose();
        return Refuse(problem);
    }

    public void Dispose() => _document?.Dispose();

    private static OfrepRequest Refuse(OfrepProblem problem) => new(null, default, problem);

    private static (FlagContext, OfrepProblem?) Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return (default, OfrepProblem.Parse("The body must be an object: {\"context\":{…}}."));
        }
        if (!root.TryGetProperty("context"u8, out var context) || context.ValueKind == JsonValueKind.Null)
        {
            return (default, null);
        }
        if (context.ValueKind != JsonValueKind.Object)
        {
            return (default, OfrepProblem.Context("context must be an object."));
        }
        if (!JsonTexts.AreValid(context))
        {
            return (default, OfrepProblem.Context($"context {JsonTexts.Problem}."));
        }
        if (!context.TryGetProperty("targetingKey"u8, out var unit) || unit.ValueKind == JsonValueKind.Null)
        {
            return (new(context, null), null);
        }
        return unit.ValueKind == JsonValueKind.String ? (new(context, unit.GetString()), null) : (default, OfrepProblem.Context("context.targetingKey must be a string."));
    }
}
