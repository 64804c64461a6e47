using Bellwether.Primitives;
using Bellwether.State;
using Microsoft.Extensions.DependencyInjection;

namespace Bellwether.Demo;

/// <summary><c>--demo</c>: a project named "Demo" with three weeks of history, and live traffic through the real gateway.</summary>
public static class DemoFeature
{
    /// <summary>The project that is filled. Others are not touched.</summary>
    public static readonly ProjectId Project = new("demo");

    /// <summary>Whether the arguments ask for the demo; takes the word out, since the configuration would read the next argument as its value.</summary>
    public static bool Take(ref string[] args)
    {
        var rest = args.Where(arg => arg != "--demo").ToArray();
        var asked = rest.Length < args.Length;
        args = rest;
        return asked;
    }

    /// <summary>Call before <c>AddIdentity</c>: snapshots load in the order of registration, and the keyring must find the demo's key.</summary>
    public static IServiceCollection AddDemo(this IServiceCollection services)
    {
        services.AddStatePolicy<DemoProject>();
        services.AddHostedService<DemoHistoryService>();
        services.AddHostedService<DemoTrafficService>();
        return services;
    }
}
