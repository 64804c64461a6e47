using Bellwether.Exchange;
using Bellwether.Telemetry;

namespace Bellwether.Guardrails;

/// <summary>What callers are told when a guard stops a call. Nothing of the text and no score: whoever probes a guard should learn no more than that it said no.</summary>
internal static class GuardRefusals
{
    public static readonly Refusal Injection = Blocked("injection", "The prompt looks like an attempt to override instructions, and a guard of this project stopped it.");
    public static readonly Refusal Harm = Blocked("harm", "The prompt looks harmful, and a guard of this project stopped it.");
    public static readonly Refusal PersonalData = Blocked("pii", "The prompt holds personal data or a secret that may not be sent, and a guard of this project stopped it.");
    public static readonly Refusal Pattern = Blocked("pattern", "The prompt holds a text that may not be sent, and a guard of this project stopped it.");
    public static readonly Refusal Unknown = Blocked("unknown", "The prompt could not be checked whole, and this project lets nothing through unchecked. A shorter one may pass.");
    public static readonly Refusal Leak = Blocked("leak", "The answer gives instructions of the application away, and a guard of this project stopped it.");
    public static readonly Refusal PersonalDataInAnswer = Blocked("pii", "The answer holds personal data or a secret that may not be returned, and a guard of this project stopped it.");

    // 403 is what SDKs neither retry nor take for a mistake in the request's form.
    private static Refusal Blocked(string guard, string message) =>
        new(403, "permission_error", ErrorTypes.BlockedPrefix + guard, message, ErrorTypes.BlockedPrefix + guard) { ShouldRetry = false };
}
