using System.ComponentModel.DataAnnotations;
using System.Text;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.Providers;
using Bellwether.State;
using Microsoft.Extensions.Configuration;

namespace Bellwether.Tests;

public sealed class BellwetherConfigurationTests
{
    private static readonly OptionsDeclaration[] Declared =
    [
        new("", typeof(MasterKeyOptions)), new("State", typeof(StateOptions)), new("Bootstrap", typeof(BootstrapOptions)),
        new("Providers", typeof(ProvidersOptions)), new("Sample", typeof(SampleOptions)),
    ];

    private static IReadOnlyList<ConfigurationError> Check(string json = "{}", params string[] arguments) =>
        BellwetherConfiguration.Validate(
            new ConfigurationBuilder()
                .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json)))
                .AddCommandLine(arguments)
                .Build(),
            Declared);

    [Fact]
    public void A_right_configuration_has_no_errors()
    {
        var errors = Check(
            """
            { "Logging": { "Anything": 1 }, "Bellwether": { "MasterKey": "", "State": { "BusyTimeout": "00:00:05" },
              "Sample": { "Level": "high", "Names": ["a"], "Limits": { "free": 1 }, "Optional": "" },
              "Providers": { "groq": { "ApiKey": "k" }, "MINE": { "Kind": "OpenAi", "BaseUrl": "http://localhost:1/v1", "Models": ["m*"] } } } }
            """);

        Assert.Empty(errors);
    }

    [Fact]
    public void All_errors_are_told_at_once_with_key_value_source_and_what_is_expected()
    {
        var errors = Check(
            """{ "Bellwether": { "Sample": { "Count": "many", "Level": "hihg" }, "State": { "BusyTimeout": "01:00:00" } } }""",
            "--Bellwether:Bootstrap:ApiKey=short");

        Assert.Equal(
            ["Bellwether:Bootstrap:ApiKey", "Bellwether:Sample:Count", "Bellwether:Sample:Level", "Bellwether:State:BusyTimeout"],
            errors.Select(error => error.Key));
        Assert.Equal("many", errors[1].Value);
        Assert.Contains("whole number", errors[1].Problem);
        Assert.Contains("low, high", errors[2].Problem);
        Assert.Equal("argument --Bellwether:Bootstrap:ApiKey", errors[0].Source);
    }

    [Theory]
    [InlineData("Providrs", "did you mean Bellwether:Providers")]
    [InlineData("Smaple", "did you mean Bellwether:Sample")]
    [InlineData("Zebra", "is not a setting")]
    public void An_unknown_key_names_the_nearest_one(string key, string expected)
    {
        var error = Assert.Single(Check($$"""{ "Bellwether": { "{{key}}": { "Kind": "x" } } }"""));

        Assert.Equal(($"Bellwether:{key}:Kind", "x"), (error.Key, error.Value));
        Assert.Contains(expected, error.Problem);
        Assert.Equal(key == "Zebra", !error.Problem.Contains("did you mean"));
    }

    [Fact]
    public void An_unknown_key_deep_inside_a_named_entry_is_found_too()
    {
        var error = Assert.Single(Check("{}", "--Bellwether:Providers:groq:BaseUri=http://x"));

        Assert.Equal("Bellwether:Providers:groq:BaseUri", error.Key);
        Assert.Contains("Bellwether:Providers:groq:BaseUrl", error.Problem);
    }

    [Theory]
    [InlineData("Bellwether:Bootstrap:ApiKey")]
    [InlineData("Bellwether:Providers:groq:ApiKy")]
    [InlineData("Bellwether:Providers:groq:BaseUrl", "https://user:canary-1@host")]
    public void A_secret_is_never_repeated(string key, string value = "canary-1")
    {
        var error = Assert.Single(Check("{}", $"--{key}={value}"));

        Assert.Equal("***", error.Value);
        Assert.DoesNotContain("canary", error.ToString());
    }

    [Theory]
    [InlineData("Bellwether:Providers:acme:ApiKey=x", "Bellwether:Providers:acme:Kind")]
    [InlineData("Bellwether:Providers:azure:ApiKey=x", "Bellwether:Providers:azure:BaseUrl")]
    [InlineData("Bellwether:Providers:openai:BaseUrl=ftp://x", "Bellwether:Providers:openai:BaseUrl")]
    [InlineData("Bellwether:Providers:openai:BaseUrl=/v1", "Bellwether:Providers:openai:BaseUrl")]
    [InlineData("Bellwether:Providers:openai:Kind=opneai", "Bellwether:Providers:openai:Kind")]
    [InlineData("Bellwether:Providers:openai:TotalTimeout=-1", "Bellwether:Providers:openai:TotalTimeout")]
    [InlineData("Bellwether:Sample:Count=", "Bellwether:Sample:Count")]
    [InlineData("Bellwether:Sample=x", "Bellwether:Sample")]
    [InlineData("Bellwether:Sample:Count:Deeper=1", "Bellwether:Sample:Count:Deeper")]
    [InlineData("Bellwether:Sample:Names:first=a", "Bellwether:Sample:Names:first")]
    public void What_cannot_be_used_is_named(string argument, string key) => Assert.Equal(key, Assert.Single(Check("{}", "--" + argument)).Key);

    [Fact]
    public void Attribute_and_cross_field_errors_of_one_class_come_together()
    {
        var errors = Check("""{ "Bellwether": { "Sample": { "Count": 1000, "From": 5, "To": 1 } } }""");

        Assert.Equal(["Bellwether:Sample:Count", "Bellwether:Sample:To"], errors.Select(error => error.Key));
    }

    [Fact]
    public void An_environment_variable_is_named_as_it_is_set()
    {
        Environment.SetEnvironmentVariable("BWTEST_Bellwether__Sample__Cuont", "1");
        try
        {
            var configuration = new ConfigurationBuilder().AddEnvironmentVariables("BWTEST_").Build();

            var error = Assert.Single(BellwetherConfiguration.Validate(configuration, Declared));

            Assert.Equal("environment variable Bellwether__Sample__Cuont", error.Source);
        }
        finally
        {
            Environment.SetEnvironmentVariable("BWTEST_Bellwether__Sample__Cuont", null);
        }
    }

    public enum SampleLevel { Low, High }

    public sealed class SampleOptions : IValidatableObject
    {
        [Range(1, 100)]
        public int Count { get; set; } = 1;
        public int? Optional { get; set; }
        public SampleLevel Level { get; set; }
        public IList<string> Names { get; set; } = [];
        public Dictionary<string, int> Limits { get; set; } = [];
        public int From { get; set; }
        public int To { get; set; } = 10;

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (To < From)
            {
                yield return new ValidationResult("must not be before From", [nameof(To)]);
            }
        }
    }
}
