using System.Collections.Immutable;
using Bellwether.Feedback;
using Bellwether.Primitives;
using Bellwether.Quality;
using Bellwether.Telemetry;

namespace Bellwether.Dashboard;

/// <summary>Reads the quality page with a handful of queries, side by side.</summary>
internal sealed class QualityReader(TelemetryReader reader, SatisfactionReader satisfaction)
{
    private const int ErrorRows = 8;
    private const int UngroundedRows = 8;

    /// <summary>Answers that the validators can look at: the same as they choose.</summary>
    public static readonly ImmutableArray<Filter> Answers =
    [
        Filter.Eq("kind", "llm"), Filter.Eq("state", "ok"), new Filter("operation", FilterOp.NotIn, ["count_tokens", "models", "moderations", "embeddings", "other"]),
        // The product's own calls are no answers to anybody.
        new Filter("endpoint", FilterOp.NotIn, ["bellwether.evaluator", "bellwether.probe"]),
    ];

    // A caller who left before the end is not counted as failed anywhere.
    private static readonly Filter s_failed = new("error_type", FilterOp.NotIn, [ErrorTypes.ClientDisconnect]);

    public async Task<QualityData> ReadAsync(ProjectId project, TimeRange range, ImmutableArray<Filter> where, CancellationToken cancellationToken)
    {
        var scale = TimeScale.For(range, 60);
        var calls = new TelemetryQuery(project, range, [Measure.Count]) { Where = where };
        var answers = calls with { Where = [.. where, .. Answers] };
        var words = new SatisfactionRequest(project, range) { Where = where };

        var said = satisfaction.ReadAsync(words, cancellationToken);
        var lastDay = satisfaction.ReadAsync(words with { Window = new TimeRange(range.To.AddDays(-1), range.To) }, cancellationToken);
        var saidSeries = satisfaction.ReadAsync(words, scale.Step, cancellationToken);
        var marks = Run(answers with { By = [new Dimension("checks")], Step = scale.Step });
        var lengths = answers with { Where = [.. answers.Where, new Filter("output_tokens", FilterOp.Exists, [])], Measures = [Measure.OutputTokens, Measure.Count] };
        var length = Run(lengths);
        var lengthSeries = Run(lengths with { Step = scale.Step });
        var all = Run(calls);
        var errors = Run(calls with { Where = [.. where, new Filter("error_type", FilterOp.Exists, []), s_failed], By = [new Dimension("error_type")], Limit = ErrorRows });
        var ungrounded = reader.ReadAnnotationsAsync(new AnnotationPageRequest(
            new AnnotationQuery(project, range) { Names = [ValidatorNames.Groundedness], Categories = [ValidatorNames.VerdictName(ValidatorVerdict.Fail)], Sources = [FeedbackSources.Validator, FeedbackSources.Evaluator], Where = where }, UngroundedRows), cancellationToken).AsTask();
        await Task.WhenAll([said, lastDay, saidSeries, marks, length, lengthSeries, all, errors, ungrounded]);

        var votes = await saidSeries;
        IReadOnlyList<double?> Votes(Func<Proportion, double?> of) => [.. scale.Buckets.Select(bucket => votes.TryGetValue(bucket, out var report) ? of(report.Votes) : null)];
        var count = Total(await all);
        return new QualityData
        {
            Scale = scale,
            Satisfaction = await said,
            LastDay = await lastDay,
            Satisfied = Votes(share => share.Value),
            VotesUp = Votes(share => share.Hits),
            VotesDown = Votes(share => share.Of - share.Hits),
            ResponseTokens = [.. OverviewReader.Column(await lengthSeries, 0, scale, TimeSpan.Zero).Zip(OverviewReader.Column(await lengthSeries, 1, scale, TimeSpan.Zero), Divide)],
            MeanResponseTokens = (await length).Rows is [{ Values: [var tokens, var known] }, ..] ? Divide(tokens, known) : null,
            Checks = CheckTallies.Of(await marks, scale),
            ErrorTypes = [.. (await errors).Rows.Select(row => (row.Group[0], (long)(row.Values[0] ?? 0)))],
            Calls = count,
            Ungrounded = (await ungrounded).Items,
            HasAnyData = count > 0 || Total(await Run(new TelemetryQuery(project, new TimeRange(range.To.AddDays(-366), range.To.AddDays(1)), [Measure.Count]))) > 0,
        };

        Task<QueryResult> Run(TelemetryQuery query) => reader.QueryAsync(query, cancellationToken).AsTask();
    }

    private static long Total(QueryResult result) => result.Rows is [{ Values: [{ } count, ..] }, ..] ? (long)count : 0;

    private static double? Divide(double? sum, double? count) => sum is { } total && count is > 0 ? total / count : null;
}
