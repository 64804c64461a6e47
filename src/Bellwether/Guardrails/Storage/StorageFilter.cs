using System.Text;
using Bellwether.Telemetry;

namespace Bellwether.Guardrails;

/// <summary>
/// Takes personal data and secrets out of a record before the journal. Everything that a sender wrote as text is looked through;
/// names by which records are found (users, sessions, models) keep what tells them apart; ids of traces, spans and answers, and times stay.
/// </summary>
internal sealed class StorageFilter(StoragePolicy policy, Redactor redactor, IdentifierFilter identifiers, RedactionMeters meters) : ICaptureFilter
{
    private readonly CleanTexts _clean = new();

    public TelemetryRecord Filter(TelemetryRecord record)
    {
        if (policy.KeepsAll)
        {
            return record;
        }
        return record.Annotation is { } annotation ? Filter(record, annotation) : record.Observation is { } observation ? Filter(record, observation) : record;
    }

    public ReadOnlyMemory<byte> FilterInput(ReadOnlyMemory<byte> input) => policy.KeepsAll ? input : redactor.Redact(input);

    public string FilterName(string name) => identifiers.Filter(name, meters: null);

    public string FilterSaved(string text) => policy.KeepsDatasets ? text : redactor.RedactSaved(text);

    private string Name(string name) => identifiers.Filter(name, meters);

    private TelemetryRecord Filter(TelemetryRecord record, Annotation annotation)
    {
        var kept = annotation with
        {
            Text = redactor.Redact(annotation.Text), Category = redactor.Redact(annotation.Category),
            Name = Name(annotation.Name), Author = Name(annotation.Author), Session = Name(annotation.Session), RequestId = Name(annotation.RequestId),
        };
        if (kept == annotation)
        {
            return record;
        }
        // What is said of a request is found by the request id as it is stored.
        return TelemetryRecord.Of(annotation.IsOfRequest ? kept with { ObservationId = ObservationIds.OfRequest(kept.Project, kept.RequestId) } : kept);
    }

    private TelemetryRecord Filter(TelemetryRecord record, Observation observation)
    {
        var payload = Filter(record.Payload);
        var changed = Filter(observation);
        return ReferenceEquals(payload, record.Payload) && ReferenceEquals(changed, observation) ? record : record.With(changed, payload);
    }

    private ObservationPayload Filter(ObservationPayload payload)
    {
        var input = payload.InputIsFiltered ? payload.Input : redactor.Redact(payload.Input);
        var output = redactor.Redact(payload.Output);
        var attributes = redactor.Redact(payload.Attributes);
        var headers = FilterLines(payload.Headers);
        var search = redactor.Redact(payload.SearchText);
        return input.Equals(payload.Input) && output.Equals(payload.Output) && attributes.Equals(payload.Attributes) && ReferenceEquals(headers, payload.Headers) && ReferenceEquals(search, payload.SearchText) ? payload
            : payload with { Input = input, Output = output, Attributes = attributes, Headers = headers, SearchText = search };
    }

    /// <summary>For texts whose lines come again with every call; a line is looked through by itself.</summary>
    private string FilterLines(string text)
    {
        StringBuilder? changed = null;
        foreach (var range in text.AsSpan().Split('\n'))
        {
            var line = text.AsSpan()[range];
            var kept = line;
            if (!line.IsEmpty && !_clean.Contains(line))
            {
                var given = line.ToString();
                var redacted = redactor.Redact(given);
                kept = redacted;
                if (ReferenceEquals(redacted, given))
                {
                    _clean.Add(given);
                }
                else
                {
                    changed ??= new StringBuilder(text.Length).Append(text, 0, range.Start.Value);
                }
            }
            changed?.Append(kept).Append('\n');
        }
        return changed is null ? text : changed.ToString(0, changed.Length - 1);
    }

    private Observation Filter(Observation observation)
    {
        var name = FilterLines(observation.Name);
        var message = redactor.Redact(observation.ErrorMessage);
        var endpoint = FilterLines(observation.Endpoint);
        var properties = observation.Properties;
        for (var i = 0; i < observation.Properties.Length; i++)
        {
            var (key, value) = observation.Properties[i];
            var (keptKey, kept) = (Name(key), redactor.Redact(value, key));
            if (!ReferenceEquals(kept, value) || !ReferenceEquals(keptKey, key))
            {
                properties = properties.SetItem(i, new(keptKey, kept));
            }
        }
        var named = FilterNames(observation);
        return ReferenceEquals(named, observation) && ReferenceEquals(name, observation.Name) && ReferenceEquals(message, observation.ErrorMessage) && ReferenceEquals(endpoint, observation.Endpoint) && properties == observation.Properties ? observation
            : named with { Name = name, ErrorMessage = message, Endpoint = endpoint, Properties = properties };
    }

    private Observation FilterNames(Observation call)
    {
        var (user, session, request) = (Name(call.User), Name(call.Session), Name(call.RequestId));
        var (model, requestModel, provider, operation) = (Name(call.Model), Name(call.RequestModel), Name(call.Provider), Name(call.Operation));
        var (prompt, version, tier) = (Name(call.PromptName), Name(call.PromptVersion), Name(call.ServiceTier));
        var (finish, error, parameters) = (Name(call.FinishReason), Name(call.ErrorCode), redactor.RedactSaved(call.Parameters));
        return ReferenceEquals(user, call.User) && ReferenceEquals(session, call.Session) && ReferenceEquals(request, call.RequestId)
            && ReferenceEquals(model, call.Model) && ReferenceEquals(requestModel, call.RequestModel) && ReferenceEquals(provider, call.Provider) && ReferenceEquals(operation, call.Operation)
            && ReferenceEquals(prompt, call.PromptName) && ReferenceEquals(version, call.PromptVersion) && ReferenceEquals(tier, call.ServiceTier)
            && ReferenceEquals(finish, call.FinishReason) && ReferenceEquals(error, call.ErrorCode) && ReferenceEquals(parameters, call.Parameters) ? call
            : call with
            {
                User = user, Session = session, RequestId = request, Model = model, RequestModel = requestModel, Provider = provider, Operation = operation,
                PromptName = prompt, PromptVersion = version, ServiceTier = tier, FinishReason = finish, ErrorCode = error, Parameters = parameters,
            };
    }
}
