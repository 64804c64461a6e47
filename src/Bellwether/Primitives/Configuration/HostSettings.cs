using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Bellwether.Primitives;

/// <summary>What the host needs before any feature: the addresses that it listens on, and the folder that it may write to.</summary>
/// <param name="Folder">Made when it was missing.</param>
/// <param name="Urls">Separated by semicolons.</param>
public sealed record HostSettings(DataFolder Folder, string Urls)
{
    private const string Folders = "Bellwether:DataDirectory";

    /// <summary>Reads them, and makes the folder; null with what is wrong.</summary>
    public static HostSettings? Read(IConfigurationRoot configuration, out IReadOnlyList<ConfigurationError> errors)
    {
        var urls = configuration["urls"] is { Length: > 0 } given ? given : "http://localhost:5080";
        if (UrlProblem(urls) is { } wrong)
        {
            errors = [new ConfigurationError("urls", urls, UrlSource(configuration), wrong)];
            return null;
        }
        var path = configuration[Folders] ?? "bellwether-data";
        try
        {
            path = Directory.CreateDirectory(Path.GetFullPath(path)).FullName;
            // That it is there does not say that it may be written to.
            File.Create(Path.Combine(path, $".probe-{Environment.ProcessId}"), bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
            errors = [];
            return new HostSettings(new DataFolder(path), urls);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            errors = [new ConfigurationError(Folders, path, new ConfigurationSource(configuration).Of(Folders), $"is no folder that can be written to: {error.Message}")];
            return null;
        }
    }

    private static string? UrlProblem(string urls)
    {
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            try
            {
                var address = BindingAddress.Parse(url);
                if (address.Scheme is not ("http" or "https") || address.Port is < 0 or > 65535 || address.PathBase.Length > 0)
                {
                    return $"\"{url}\" is no address to listen on such as http://localhost:5080";
                }
            }
            catch (FormatException)
            {
                return $"\"{url}\" is no address to listen on such as http://localhost:5080";
            }
        }
        return null;
    }

    // The host takes the prefix away before anybody can ask.
    private static string UrlSource(IConfigurationRoot configuration) =>
        new ConfigurationSource(configuration).Of("urls") is var source && !source.StartsWith("environment", StringComparison.Ordinal) ? source
        : Environment.GetEnvironmentVariable("ASPNETCORE_URLS") is not null ? "environment variable ASPNETCORE_URLS"
        : "environment variable URLS";
}
