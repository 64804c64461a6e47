namespace Bellwether.Ingest;

/// <summary>What an attribute can mean, whichever dialect says it.</summary>
internal enum SpanField
{
    OpenInferenceKind, VercelOperation, GenAiOperation, LangfuseType, TraceloopKind, RequestType, LangSmithKind,
    RequestModel, ResponseModel, Provider,
    InputMessages, SystemInstructions, PromptText, Input, Tools,
    OutputMessages, OutputText, OutputReasoning, OutputToolCalls, Output,
    InputTokens, OutputTokens, TotalTokens, CacheReadTokens, CacheWriteTokens, ReasoningTokens, UsageDetails, CacheExclusive,
    CostTotal, CostInput, CostOutput, CostDetails,
    FinishReason, ResponseId, TtftSeconds, TtftMs, CompletionStart, Stream, ServiceTier,
    Parameters, ParameterSet, Temperature, TopP, MaxTokens, Seed,
    ToolName, ToolArguments, ToolResult, ToolCallId, RetrievalQuery, RetrievalDocuments, VectorQuery,
    Session, User, Tags, Metadata, PromptName, PromptVersion, Release, EnvironmentName, AgentName,
    ErrorType, ErrorMessage, Level, HttpStatus, Endpoint, ProjectName, TraceName,
}

/// <summary>Families of attributes whose keys go on behind a prefix.</summary>
internal enum SpanFamily { None, InputIndexed, OutputIndexed, ToolsIndexed, DocumentsIndexed, Property }

/// <summary>
/// What every known key means. A field takes the attribute that was declared first among those present: the order of the
/// declarations is the precedence of the dialects.
/// </summary>
internal sealed class FieldTable
{
    public static readonly FieldTable Default = Build();

    public static readonly int Fields = Enum.GetValues<SpanField>().Length;

    // Longer keys are nobody's; they are kept among the attributes.
    private const int MostKeyBytes = 256;

    private readonly Dictionary<string, (SpanField Field, int Rank)> _keys = new(StringComparer.Ordinal);
    private readonly List<(byte[] Prefix, SpanFamily Family)> _families = [];
    private Dictionary<string, (SpanField Field, int Rank)>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public FieldTable Add(SpanField field, params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            _keys.TryAdd(key, (field, _keys.Count));
        }
        return this;
    }

    public FieldTable AddFamily(SpanFamily family, params ReadOnlySpan<string> prefixes)
    {
        foreach (var prefix in prefixes)
        {
            _families.Add((System.Text.Encoding.UTF8.GetBytes(prefix), family));
        }
        return this;
    }

    public bool TryFind(ReadOnlySpan<byte> key, out SpanField field, out int rank)
    {
        if (key.Length <= MostKeyBytes)
        {
            Span<char> chars = stackalloc char[MostKeyBytes];
            if (System.Text.Encoding.UTF8.TryGetChars(key, chars, out var count) && _lookup.TryGetValue(chars[..count], out var found))
            {
                (field, rank) = found;
                return true;
            }
        }
        (field, rank) = (default, 0);
        return false;
    }

    public SpanFamily Family(ReadOnlySpan<byte> key, out int prefix)
    {
        foreach (var (candidate, family) in _families)
        {
            if (key.Length > candidate.Length && key.StartsWith(candidate))
            {
                prefix = candidate.Length;
                return family;
            }
        }
        prefix = 0;
        return SpanFamily.None;
    }

    private static FieldTable Build()
    {
        var table = new FieldTable();
        LangfuseDialect.Declare(table);
        OpenInferenceDialect.Declare(table);
        GenAiDialect.Declare(table);
        OpenLlmetryDialect.Declare(table);
        VercelDialect.Declare(table);
        LangSmithDialect.Declare(table);
        PostHogDialect.Declare(table);
        LogfireDialect.Declare(table);
        table._lookup = table._keys.GetAlternateLookup<ReadOnlySpan<char>>();
        return table;
    }
}
