using Bellwether.Primitives;
using Bellwether.State;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Bellwether.Demo;

/// <summary><c>--demo</c>: a project named "Demo" with three weeks of history, and live traffic through the real gateway.</summary>
public static class DemoFeature
{
    /// <summary>The project that is filled. Others are not touched.</summary>
    public static readonly ProjectId Project = new("demo");

    private const string CpuShare = "Bellwether:Quality:CpuShare";

    /// <summary>Does nothing unless asked for. Call before <c>AddIdentity</c>: snapshots load in the order of registration, and the keyring must find the demo's key.</summary>
    public static IServiceCollection AddDemo(this IServiceCollection services, IConfiguration configuration)
    {
        if (!configuration.GetValue<bool>("Bellwether:Demo:Enabled"))
        {
            return services;
        }
        // Three weeks come in a minute: at the usual share of time hardly an answer would be checked, and the pages would have little to show.
        configuration[CpuShare] ??= "1";
        services.AddStatePolicy<DemoProject>();
        services.AddHostedService<DemoHistoryService>();
        services.AddHostedService<DemoTrafficService>();
        return services;
    }
}
