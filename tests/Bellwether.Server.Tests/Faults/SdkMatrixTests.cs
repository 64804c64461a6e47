using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Bellwether.Server.Tests;

/// <summary>docs/sdk-matrix.md says what is so: the versions that are installed, tests that exist, the outcomes that are tested.</summary>
public sealed partial class SdkMatrixTests
{
    private static readonly string s_page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "sdk-matrix.md"));

    // Parts of what is tested, and what a program is written with; the SDK itself has the row.
    private static readonly string[] s_parts = ["@ai-sdk/provider", "@openfeature/core", "@opentelemetry/api", "@opentelemetry/resources", "@opentelemetry/sdk-logs", "@opentelemetry/sdk-trace-base"];

    [Fact]
    public void Every_package_of_the_programs_is_on_the_page_with_the_version_that_is_installed()
    {
        var folder = Path.Combine(Repository.Root, "tests", "clients");
        foreach (var file in Directory.GetDirectories(folder).Append(folder).Select(path => Path.Combine(path, "package.json")).Where(File.Exists))
        {
            using var package = JsonDocument.Parse(File.ReadAllText(file));
            foreach (var dependency in package.RootElement.GetProperty("dependencies").EnumerateObject().Where(dependency => !s_parts.Contains(dependency.Name)))
            {
                // "langsmith-old": "npm:langsmith@0.10.11"
                var version = dependency.Value.GetString()!;
                var named = version.StartsWith("npm:", StringComparison.Ordinal) ? version["npm:".Length..].Replace("@", "` ", StringComparison.Ordinal) : $"{dependency.Name}` {version}";
                Assert.Contains($"`{named}", s_page, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("OpenAI")]
    [InlineData("Anthropic")]
    [InlineData("Microsoft.Extensions.AI.OpenAI")]
    public void Every_NuGet_client_is_on_the_page_with_its_version(string package)
    {
        var version = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Descendants("PackageVersion").Single(item => item.Attribute("Include")?.Value == package).Attribute("Version")!.Value;
        Assert.Contains($"`{package}` {version}", s_page, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_test_that_the_page_names_exists()
    {
        var named = TestName().Matches(s_page);
        Assert.NotEmpty(named);
        // The sources, because some are in a test project that this one does not know.
        var sources = Directory.GetDirectories(Path.Combine(Repository.Root, "tests"), "Bellwether.*")
            .SelectMany(project => Directory.EnumerateFiles(project, "*Tests.cs", SearchOption.AllDirectories)).ToLookup(path => Path.GetFileNameWithoutExtension(path));
        Assert.All(named, name => Assert.Contains(sources[name.Groups[1].Value], source => File.ReadAllText(source).Contains($" {name.Groups[2].Value}(", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_outcomes_on_the_page_are_the_ones_that_are_tested() =>
        Assert.All(FaultTests.Table, row => Assert.Contains($"| {row.Client} | {string.Join(" | ", row.Outcomes)} |", s_page, StringComparison.Ordinal));

    // `NodeClientTests.A_stream_reaches_the_application_and_is_measured`
    [GeneratedRegex(@"`(\w+Tests)\.(\w+)`")]
    private static partial Regex TestName();
}
