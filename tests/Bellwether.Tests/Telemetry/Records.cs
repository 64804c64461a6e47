using System.Text;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Tests.Telemetry;

/// <summary>Records for tests, told apart by a number.</summary>
internal static class Records
{
    public static readonly DateTimeOffset Time = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    public static TelemetryRecord Observation(int number, int payloadBytes = 100, string project = "default") => TelemetryRecord.Of(
        new Observation
        {
            Id = Id(number),
            Project = new ProjectId(project),
            StartTime = Time.AddMilliseconds(number),
            Kind = ObservationKind.Llm,
            State = ObservationState.Ok,
            Model = "gpt-4o",
            Endpoint = "chat",
            RequestId = $"req-{number}",
        },
        new ObservationPayload { Input = Encoding.UTF8.GetBytes(new string((char)('a' + (number % 26)), payloadBytes)) });

    public static Guid Id(int number) => new(number, 0, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>The number of a record made by <see cref="Observation"/>.</summary>
    public static int Number(TelemetryRecord record) => int.Parse(record.Observation!.RequestId.AsSpan(4));
}
