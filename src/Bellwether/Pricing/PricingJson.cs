using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Bellwether.Pricing;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(QuoteRequest))]
[JsonSerializable(typeof(QuoteResponse))]
[JsonSerializable(typeof(NoPrice))]
[JsonSerializable(typeof(RepriceAnswer))]
[JsonSerializable(typeof(PriceListingPage))]
[JsonSerializable(typeof(PriceOverrideDraft))]
[JsonSerializable(typeof(PriceOverride))]
[JsonSerializable(typeof(ImmutableArray<PriceOverride>))]
internal sealed partial class PricingJson : JsonSerializerContext;
