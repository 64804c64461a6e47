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

/// <summary>Section <c>Bellwether:Otlp</c>: ports for OpenTelemetry senders. This version has no receiver yet: a port that is set is named at start and not opened.</summary>
public sealed class OtlpPorts
{
    [Range(0, 65535)]
    public int GrpcPort { get; set; }

    [Range(0, 65535)]
    public int HttpPort { get; set; }
}
