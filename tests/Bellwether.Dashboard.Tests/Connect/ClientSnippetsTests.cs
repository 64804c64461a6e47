using System.Text.Json;

namespace Bellwether.Dashboard.Tests;

/// <summary>The page shows how to connect every client that is run in the tests, by the lines that are run.</summary>
public sealed class ClientSnippetsTests
{
    private const string Server = "https://bellwether.example:8443";
    private static readonly string s_clients = Path.Combine(Root(), "tests", "clients");

    // Parts of a client that has lines of its own, or what the environment variables of OpenTelemetry configure.
    private static readonly string[] s_parts =
    [
        "@ai-sdk/provider", "@langchain/core", "@langchain/openai", "@langfuse/tracing", "@arizeai/openinference-instrumentation-openai", "@opentelemetry/api", "@opentelemetry/resources",
        "@openfeature/core", "@openfeature/ofrep-core", "@opentelemetry/sdk-logs", "@opentelemetry/exporter-logs-otlp-http", "@opentelemetry/exporter-trace-otlp-http", "@opentelemetry/exporter-trace-otlp-grpc", "langsmith-old",
    ];

    [Fact]
    public void Every_package_that_the_tests_run_has_its_lines()
    {
        var told = ClientSnippets.For(Server);
        foreach (var file in Directory.GetDirectories(s_clients).Append(s_clients).Select(folder => Path.Combine(folder, "package.json")).Where(File.Exists))
        {
            using var package = JsonDocument.Parse(File.ReadAllText(file));
            foreach (var name in package.RootElement.GetProperty("dependencies").EnumerateObject().Select(dependency => dependency.Name).Except(s_parts))
            {
                Assert.Contains(told, snippet => (snippet.What + snippet.Code).Contains(name, StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public void Both_versions_of_the_ai_sdk_are_switched_on_as_the_programs_do_it()
    {
        var told = ClientSnippets.For(Server).ToDictionary(snippet => snippet.Client, snippet => snippet.Code);
        var program = File.ReadAllText(Path.Combine(s_clients, "ai", "run.mjs"));
        var registered = program[program.IndexOf("registerTelemetry(", StringComparison.Ordinal)..];
        Assert.Contains(registered[..(registered.IndexOf("}));", StringComparison.Ordinal) + 4)], told["Vercel AI 7"], StringComparison.Ordinal);
        Assert.Contains("includeRuntimeContext: { userId: true, sessionId: true }", program, StringComparison.Ordinal);
        Assert.Contains("telemetry: { includeRuntimeContext: { userId: true, sessionId: true } }", told["Vercel AI 7"], StringComparison.Ordinal);
        Assert.Contains("isEnabled: true, tracer: tracing.getTracer(", told["Vercel AI 6"], StringComparison.Ordinal);
        Assert.Contains("isEnabled: true, tracer: tracing.getTracer(", File.ReadAllText(Path.Combine(s_clients, "otel", "run.mjs")), StringComparison.Ordinal);
        Assert.All(told, snippet => Assert.True(snippet.Key == "Microsoft.Extensions.AI" || snippet.Value.Contains("BELLWETHER_KEY", StringComparison.Ordinal), snippet.Key));
    }

    [Fact]
    public void Each_client_has_the_address_of_the_reader_and_a_name_of_its_own()
    {
        var told = ClientSnippets.For(Server);
        Assert.Equal(told.Length, told.Select(snippet => snippet.Client).Distinct(StringComparer.Ordinal).Count());
        // Mixpanel takes the address in two parts; the other goes over a client that has it.
        Assert.All(told.Where(snippet => snippet.Client is not ("Mixpanel" or "Microsoft.Extensions.AI")), snippet => Assert.Contains(Server, snippet.Code, StringComparison.Ordinal));
        Assert.Contains("protocol: \"https\", host: \"bellwether.example:8443\"", told.Single(snippet => snippet.Client == "Mixpanel").Code, StringComparison.Ordinal);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Bellwether.slnx")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests must run from inside the repository.");
        }
        return folder.FullName;
    }
}
