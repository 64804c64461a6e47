// Builds src/Bellwether/Pricing/Data/prices.json, our own table of dated prices, from the genai-prices data file.
//   dotnet run eng/import-prices.cs -- <genai-prices.json> <date of that file, yyyy-MM-dd>
// Kept: what it takes to find a model and price a call. Dropped: descriptions, comments and links.
#:property PublishAot=false
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

if (args.Length != 2)
{
    Console.Error.WriteLine("usage: dotnet run eng/import-prices.cs -- <genai-prices.json> <yyyy-MM-dd>");
    return 2;
}

var providers = new JsonArray();
foreach (var provider in JsonNode.Parse(File.ReadAllText(args[0]))!.AsArray())
{
    providers.Add((JsonNode)Keep(provider!, "id", "name", "api_pattern", "model_match", "fallback_model_providers", "extractors", "models"));
}

foreach (var model in providers.SelectMany(provider => provider!["models"]!.AsArray()).Select(model => model!.AsObject()))
{
    foreach (var dropped in model.Select(member => member.Key).Except(["id", "name", "match", "context_window", "deprecated", "prices"]).ToArray())
    {
        model.Remove(dropped);
    }
}

// The source prices these models' text output at the image rate. The text rates are those that the same source lists for the
// same models at OpenRouter, and Google's price page names both (https://ai.google.dev/gemini-api/docs/pricing).
var google = providers.Single(provider => (string)provider!["id"]! == "google")!;
foreach (var (id, textOutput) in new[] { ("gemini-2.5-flash-image", 2.5m), ("gemini-3-pro-image-preview", 12m), ("gemini-3.1-flash-image-preview", 3m) })
{
    var prices = google["models"]!.AsArray().Single(model => (string)model!["id"]! == id)!["prices"]!.AsObject();
    prices["output_image_mtok"] = prices["output_mtok"]!.DeepClone();
    prices["output_mtok"] = textOutput;
}
var imageTokens = JsonNode.Parse("""{"path":["candidatesTokensDetails",{"type":"array-match","field":"modality","match":{"equals":"IMAGE"}},"tokenCount"],"dest":"output_image_tokens","required":false}""")!;
google["extractors"]!.AsArray().Single(extractor => (string)extractor!["api_flavor"]! == "default")!["mappings"]!.AsArray().Add(imageTokens);

var table = new JsonObject
{
    ["source"] = "genai-prices",
    ["date"] = args[1],
    ["licence"] = "MIT, Copyright (c) Pydantic Services Inc. and contributors",
    ["providers"] = providers,
};
var options = new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
File.WriteAllText("src/Bellwether/Pricing/Data/prices.json", table.ToJsonString(options) + "\n");
return 0;

static JsonObject Keep(JsonNode from, params string[] names)
{
    var kept = new JsonObject();
    foreach (var name in names)
    {
        if (from[name] is { } value)
        {
            kept[name] = value.DeepClone();
        }
    }
    return kept;
}
