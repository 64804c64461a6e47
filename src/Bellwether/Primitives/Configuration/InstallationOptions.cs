using System.ComponentModel.DataAnnotations;

namespace Bellwether.Primitives;

/// <summary>Directly under <c>Bellwether</c>: what the whole process has once.</summary>
public sealed class InstallationOptions
{
    /// <summary>The folder that holds everything the server keeps; relative to where it is started.</summary>
    public string DataDirectory { get; set; } = "bellwether-data";
}

/// <summary>Section <c>Bellwether:Demo</c>.</summary>
public sealed class DemoSwitch
{
    /// <summary>Fill a project named "Demo" with three weeks of history and keep calls flowing; also <c>--demo</c>.</summary>
    public bool Enabled { get; set; }
}

/// <summary>Section <c>Bellwether:Otlp</c>: receivers of OpenTelemetry, beside those on the main port.</summary>
public sealed class OtlpPorts
{
    /// <summary>Port for OTLP over gRPC without TLS; 0: none. Not opened when it is not set and another process has it.</summary>
    [Range(0, 65535)]
    public int GrpcPort { get; set; } = 4317;

    /// <summary>A further port for OTLP over HTTP; 0: the main port only. Not opened when it is not set and another process has it.</summary>
    [Range(0, 65535)]
    public int HttpPort { get; set; } = 4318;

    /// <summary>
    /// Days that the start of a span may lie back; an older one is stored under the time of its arrival. Every day that something
    /// started on has files of its own, so a larger value lets one sender make more of them.
    /// </summary>
    [Range(1, 4000)]
    public int OldestDays { get; set; } = 90;

    /// <summary>Bytes of one request, before and after decompression.</summary>
    [Range(64 * 1024, 512 * 1024 * 1024)]
    public int MaxBodyBytes { get; set; } = 64 * 1024 * 1024;
}
