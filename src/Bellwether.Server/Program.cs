if (args is ["simulate", ..])
{
    return await Bellwether.Providers.SimulatedProviderApi.RunAsync(args[1..]);
}
var builder = WebApplication.CreateSlimBuilder(args);
var app = builder.Build();
app.Run();
return 0;
