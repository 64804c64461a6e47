using Bellwether.Telemetry;

namespace Bellwether.Dashboard;

/// <summary>How a call ended, in the words of the pages. Addresses and the API keep the wire names.</summary>
internal static class StateWords
{
    /// <param name="isCall">False for the steps around calls: no provider has a part in their errors.</param>
    public static string Of(ObservationState state, bool isCall = true) => state switch
    {
        ObservationState.Ok => "ok",
        ObservationState.ProviderError => isCall ? "provider error" : "error",
        ObservationState.ClientDisconnect => "client left",
        ObservationState.Timeout => "timeout",
        ObservationState.Aborted => "aborted",
        ObservationState.Refused => "refused",
        ObservationState.Running => "running",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    /// <summary>The words for a wire name; what is none stays as it is.</summary>
    public static string Of(string name) => ObservationStates.TryParse(name, out var state) ? Of(state) : name;
}
