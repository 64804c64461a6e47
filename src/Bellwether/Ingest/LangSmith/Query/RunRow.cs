using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>What a filter is asked of: a run, and what was said of it where the filter needs to know.</summary>
internal readonly record struct RunRow(Observation Run, IReadOnlyList<Annotation> Feedback);
