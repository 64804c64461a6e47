using System.Text.Json;
using Bellwether.Feedback;
using Bellwether.Gateway;
using Bellwether.Telemetry;

namespace Bellwether.References;

/// <summary>Asks a set's questions through the gateway and compares what comes back.</summary>
internal sealed class Probe(OwnCalls calls, LexicalSimilarity lexical, ReferenceStore store, ITelemetryIntake intake, TimeProvider clock)
{
    /// <summary>Feature name of the calls.</summary>
    public static readonly string Endpoint = Observation.OwnEndpointPrefix + "probe";

    /// <summary>Name of the annotation that a probe's call gets.</summary>
    public static readonly string Name = "reference_similarity";

    private static readonly TimeSpan s_longestCall = TimeSpan.FromSeconds(120);

    public async Task RunAsync(ReferenceSet set, CancellationToken cancellationToken)
    {
        foreach (var question in set.Questions)
        {
            await store.AddAsync(set.Id, await AskAsync(set, question, cancellationToken), cancellationToken);
        }
    }

    private async Task<ReferenceResult> AskAsync(ReferenceSet set, ReferenceQuestion question, CancellationToken cancellationToken)
    {
        var at = clock.GetUtcNow();
        try
        {
            var answer = await SendAsync(set, "/v1/chat/completions", json => Chat(json, set, question), question.Id, cancellationToken);
            if (!answer.IsSuccess || Text(answer.Body) is not { } text)
            {
                return new(question.Id, at, null, false, answer.Id, answer.IsSuccess ? "The answer has no text." : FormattableString.Invariant($"The call ended with {answer.Status}."));
            }
            if (await CompareAsync(set, question, text, cancellationToken) is not { } similarity)
            {
                return new(question.Id, at, null, false, answer.Id, "The embeddings could not be had.");
            }
            similarity = Math.Round(Math.Clamp(similarity, 0, 1), 4);
            var passed = similarity >= set.Threshold;
            var said = await intake.AppendAsync(new[] { TelemetryRecord.Of(Say(set, question, answer.Id, at, similarity, passed)) }, cancellationToken);
            return new(question.Id, at, similarity, passed, answer.Id, said.Accepted ? "" : "The finding could not be stored with the call.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(question.Id, at, null, false, null, "The call took too long.");
        }
    }

    private async Task<double?> CompareAsync(ReferenceSet set, ReferenceQuestion question, string answer, CancellationToken cancellationToken)
    {
        if (set.Similarity == SimilarityKind.Lexical) { return lexical.Of(question.Answer, answer); }
        var made = await SendAsync(set, "/v1/embeddings", json =>
        {
            json.WriteString("model", set.EmbeddingModel);
            json.WriteStartArray("input");
            json.WriteStringValue(question.Answer);
            json.WriteStringValue(answer);
            json.WriteEndArray();
        }, question.Id, cancellationToken);
        return made.IsSuccess ? EmbeddingReply.Cosine(made.Body) : null;
    }

    private async Task<OwnAnswer> SendAsync(ReferenceSet set, string path, Action<Utf8JsonWriter> write, string question, CancellationToken cancellationToken)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = clock.CreateTimer(_ => timeout.Cancel(), null, s_longestCall, Timeout.InfiniteTimeSpan);
        return await calls.SendAsync(new OwnCall(set.Project, "probe:" + set.Name, path, stream.ToArray())
        {
            Endpoint = Endpoint, Provider = set.Provider, Properties = [new("reference-set", set.Name), new("reference-question", question)],
        }, timeout.Token);
    }

    private static void Chat(Utf8JsonWriter json, ReferenceSet set, ReferenceQuestion question)
    {
        json.WriteString("model", set.Model);
        json.WriteNumber("max_tokens", set.MaxTokens);
        json.WriteStartArray("messages");
        if (set.System.Length > 0) { Message("system", set.System); }
        Message("user", question.Question);
        json.WriteEndArray();

        void Message(string role, string content)
        {
            json.WriteStartObject();
            json.WriteString("role", role);
            json.WriteString("content", content);
            json.WriteEndObject();
        }
    }

    private static string? Text(ReadOnlyMemory<byte> body)
    {
        var message = TranscriptReader.Read(new ObservationPayload { Output = body }).Messages.FirstOrDefault(message => message.IsAnswer);
        var text = message is null ? "" : string.Join('\n', message.Parts.Where(part => part.Kind is TranscriptPartKind.Text or TranscriptPartKind.Refusal).Select(part => part.Text));
        return string.IsNullOrWhiteSpace(text) ? null : text;
    }

    private static Annotation Say(ReferenceSet set, ReferenceQuestion question, Guid call, DateTimeOffset at, double similarity, bool passed) => new()
    {
        Id = ObservationIds.Of("reference", at, set.Project.Value, call.ToString()), Project = set.Project, Time = at, ObservationId = call, Name = Name, Source = FeedbackSources.Evaluator, Author = Annotation.Own,
        Number = similarity, Category = passed ? "pass" : "fail", Text = passed ? "" : FormattableString.Invariant($"Less alike to the expected answer of question {question.Id} than {set.Threshold:0.##}."),
    };
}
