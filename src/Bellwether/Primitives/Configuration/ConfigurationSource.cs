using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;

namespace Bellwether.Primitives;

/// <summary>Says where a setting came from, in the words in which the operator would look for it.</summary>
internal sealed class ConfigurationSource(IConfigurationRoot configuration)
{
    public string Of(string key)
    {
        // The last provider that has the key is the one that counts.
        foreach (var provider in configuration.Providers.Reverse())
        {
            if (provider.TryGet(key, out _))
            {
                return Name(provider, key);
            }
        }

        return "not set; the default";
    }

    private static string Name(IConfigurationProvider provider, string key) => provider switch
    {
        EnvironmentVariablesConfigurationProvider => $"environment variable {key.Replace(":", "__", StringComparison.Ordinal)}",
        CommandLineConfigurationProvider => $"argument --{key}",
        FileConfigurationProvider file => file.Source.Path ?? "a file",
        ChainedConfigurationProvider { Configuration: IConfigurationRoot chained } => new ConfigurationSource(chained).Of(key),
        _ => provider.ToString() ?? provider.GetType().Name,
    };
}
