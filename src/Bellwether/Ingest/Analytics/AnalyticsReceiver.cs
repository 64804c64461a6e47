using System.Text.Json.Nodes;
using Bellwether.Identity;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Bellwether.Ingest;

/// <summary>Makes records of events and hands them to the journal. One broken event never rejects its neighbours.</summary>
internal sealed class AnalyticsReceiver(ITelemetryIntake intake, IKeyring keyring, ILogger<AnalyticsReceiver> logger)
{
    // One journal record group: of events with long texts a batch is not held twice.
    private const int ChunkBytes = 16 * 1024 * 1024;
    private const int ChunkRecords = 10_000;

    /// <param name="request">What the events came in.</param>
    /// <param name="items">The events.</param>
    /// <param name="read">Reads one.</param>
    /// <param name="cancellationToken">Of the request.</param>
    /// <returns>After a refusal the whole may be sent again: events that have an id stay what they are.</returns>
    public async Task<AnalyticsReply> ReceiveAsync(
        AnalyticsRequest request, IEnumerable<BatchItem> items, Func<JsonNode?, (AnalyticsEvent? Event, string Problem)> read, CancellationToken cancellationToken)
    {
        if (!intake.CanAccept(out var refusal))
        {
            return AnalyticsReply.Of(refusal);
        }
        var pass = new Pass(request, keyring, logger);
        foreach (var item in items)
        {
            pass.Add(item, read);
            if ((pass.Bytes >= ChunkBytes || pass.Records >= ChunkRecords) && await AppendAsync(pass, cancellationToken) is { } full)
            {
                return full;
            }
        }
        if (!pass.SawKey)
        {
            return AnalyticsReply.NoKey;
        }
        if (await AppendAsync(pass, cancellationToken) is { } refused)
        {
            return refused;
        }
        return pass.End();
    }

    private async Task<AnalyticsReply?> AppendAsync(Pass pass, CancellationToken cancellationToken)
    {
        var records = pass.TakeRecords();
        if (records.Length == 0)
        {
            return null;
        }
        var result = await intake.AppendAsync(records, cancellationToken);
        return result.Accepted ? null : AnalyticsReply.Of(result.Refusal);
    }

    /// <summary>The work on one request.</summary>
    private sealed class Pass(AnalyticsRequest request, IKeyring keyring, ILogger logger)
    {
        private const int MostFailures = 100;

        private readonly List<TelemetryRecord> _records = [];
        private readonly Dictionary<string, ApiKey?> _keys = new(StringComparer.Ordinal);
        private readonly Dictionary<string, int> _rejected = new(StringComparer.Ordinal);
        private readonly List<(int Index, string Problem)> _failures = [];
        private string _problem = "";
        private int _seen;
        private int _steps;
        private int _notes;
        private int _others;
        private int _corrected;

        public long Bytes { get; private set; }

        public int Records => _records.Count;

        public bool SawKey { get; private set; } = request.Key is not null;

        public void Add(BatchItem item, Func<JsonNode?, (AnalyticsEvent? Event, string Problem)> read)
        {
            _seen++;
            if (!item.IsValid)
            {
                Reject("invalid", $"An event is no JSON, or {BatchItem.Problem}.");
                return;
            }
            var (said, problem) = read(item.Json);
            if (said is null)
            {
                Reject("invalid", problem);
                return;
            }
            if ((Key(said.Token) ?? request.Key) is not { } key)
            {
                Reject("key", AnalyticsReply.NoKey.Message);
                return;
            }
            SawKey = true;
            try
            {
                Map(said, new OtlpSender(key, said.Source, request.Now, request.OldestAge));
            }
            catch (Exception error)
            {
                Log.CapturedEventNotMapped(logger, error.GetType().Name, error.StackTrace);
                Reject("failed", "properties: holds a value that cannot be read.");
            }
        }

        public TelemetryRecord[] TakeRecords()
        {
            var records = _records.ToArray();
            _records.Clear();
            Bytes = 0;
            return records;
        }

        public AnalyticsReply End()
        {
            var taken = _steps + _notes + _others;
            var rejected = _rejected.Values.Sum();
            if (taken == 0 && rejected > 0)
            {
                return AnalyticsReply.Bad(_problem);
            }
            foreach (var (reason, count) in _rejected)
            {
                request.Counters.Rejected(reason, count);
            }
            request.Counters.Accepted("step", _steps);
            request.Counters.Accepted("annotation", _notes);
            request.Counters.Accepted("other", _others);
            request.Counters.ClockCorrected(_corrected);
            return new AnalyticsReply(StatusCodes.Status200OK, "", _problem) { Taken = taken, Rejected = rejected, Failures = _failures };
        }

        private void Map(AnalyticsEvent said, OtlpSender sender)
        {
            switch (AnalyticsRole.Of(said))
            {
                case null:
                    _others++;
                    break;
                case { Kind: null }:
                    var (note, problem) = AnalyticsNote.Map(said, sender);
                    if (note is null)
                    {
                        Reject("invalid", problem);
                        break;
                    }
                    _records.Add(note);
                    _notes++;
                    break;
                case { } role:
                    var step = AnalyticsStep.Map(said, role, request, sender, out var corrected);
                    _records.Add(step);
                    _steps++;
                    _corrected += corrected ? 1 : 0;
                    Bytes += step.Payload.Input.Length + step.Payload.Output.Length + step.Payload.Attributes.Length;
                    break;
            }
        }

        private void Reject(string reason, string problem)
        {
            _rejected[reason] = _rejected.GetValueOrDefault(reason) + 1;
            _problem = _problem.Length > 0 ? _problem : problem;
            if (_failures.Count < MostFailures)
            {
                _failures.Add((_seen - 1, problem));
            }
        }

        private ApiKey? Key(string token)
        {
            if (token.Length == 0)
            {
                return null;
            }
            if (!_keys.TryGetValue(token, out var key))
            {
                // A key is checked once a request, and no sender can make us remember more than some.
                key = keyring.Check(token, out var found) == KeyCheck.Valid ? found : null;
                if (_keys.Count < 100)
                {
                    _keys.Add(token, key);
                }
            }
            return key;
        }
    }
}
