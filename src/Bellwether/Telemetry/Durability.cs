using System.Text.Json.Serialization;

namespace Bellwether.Telemetry;

/// <summary>What an acknowledgement promises. Sent as <c>X-Bellwether-Durability</c>.</summary>
public enum Durability
{
    /// <summary>On the disk: survives a power cut.</summary>
    [JsonStringEnumMemberName("fsync")]
    Fsync,
    /// <summary>Written to the operating system: survives <c>kill -9</c>, not a power cut.</summary>
    [JsonStringEnumMemberName("os")]
    Os,
    /// <summary>Only in our memory: opt-in.</summary>
    [JsonStringEnumMemberName("memory")]
    Memory,
}
