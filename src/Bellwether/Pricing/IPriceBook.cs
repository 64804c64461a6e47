using Bellwether.Telemetry;

namespace Bellwether.Pricing;

/// <summary>Dated prices. Thread-safe, in memory, swapped as a whole when an override changes.</summary>
public interface IPriceBook
{
    /// <summary>
    /// The cost of a call at the price in force at <paramref name="at"/>, or null: "no price".
    /// </summary>
    /// <param name="provider">Id in the price table (<c>openai</c>, <c>anthropic</c>, <c>google</c> …); empty to find the provider by model.</param>
    /// <param name="model">The model that answered.</param>
    Cost? Quote(string provider, string model, Usage usage, DateTimeOffset at, string serviceTier = "");
}
