using System.Text;
using Bellwether.Telemetry;

namespace Bellwether.Guardrails;

/// <summary>
/// Takes personal data and secrets out of a record before the journal. Everything that a sender wrote as text is looked through;
/// ids, times, models and the user that the sender named stay as they are, since they are what records are found by.
/// </summary>
internal sealed class StorageFilter(StoragePolicy policy, Redactor redactor) : ICaptureFilter
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

    private TelemetryRecord Filter(TelemetryRecord record, Annotation annotation)
    {
        var (text, category) = (redactor.Redact(annotation.Text), redactor.Redact(annotation.Category));
        return ReferenceEquals(text, annotation.Text) && ReferenceEquals(category, annotation.Category) ? record
            : TelemetryRecord.Of(annotation with { Text = text, Category = category });
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
            var kept = redactor.Redact(value, key);
            if (!ReferenceEquals(kept, value))
            {
                properties = properties.SetItem(i, new(key, kept));
            }
        }
        return ReferenceEquals(name, observation.Name) && ReferenceEquals(message, observation.ErrorMessage) && ReferenceEquals(endpoint, observation.Endpoint) && properties == observation.Properties ? observation
            : observation with { Name = name, ErrorMessage = message, Endpoint = endpoint, Properties = properties };
    }
}
