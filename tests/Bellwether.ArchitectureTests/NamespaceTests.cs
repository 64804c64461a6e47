namespace Bellwether.ArchitectureTests;

/// <summary>A type's namespace is <c>Bellwether.&lt;Folder&gt;</c>; subfolders add nothing, since otherwise the table's check would miss cycles.</summary>
public sealed class NamespaceTests
{
    [Fact]
    public void Source_files_declare_the_namespace_of_their_feature_folder()
    {
        var root = Path.Combine(RepositoryRoot.Path, "src", "Bellwether");
        var wrong = Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(file => (File: file, Parts: Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar)))
            .Where(entry => entry.Parts.Length > 1 && entry.Parts[0] is not ("bin" or "obj"))
            .Where(entry => !Declares(entry.File, $"Bellwether.{entry.Parts[0]}"))
            .Select(entry => entry.File);
        Assert.Empty(wrong);
    }

    [Fact]
    public void A_file_in_the_wrong_namespace_is_caught()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "namespace Bellwether.Telemetry.Journal;\n");
        try
        {
            Assert.False(Declares(file, "Bellwether.Telemetry"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Namespaces_are_those_of_a_file()
    {
        var files = new[] { "src", "tests", "bench", "eng" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "node_modules"))
            .ToArray();
        Assert.True(files.Length > 1000, "The folders of the sources are not where this test looks for them.");
        Assert.DoesNotContain(files, file => File.ReadLines(file).Any(IsBlock));
        Assert.True(IsBlock("namespace Bellwether.Telemetry"));
        Assert.True(IsBlock("namespace Bellwether.Telemetry {"));
    }

    private static bool IsBlock(string line) => line.StartsWith("namespace ", StringComparison.Ordinal) && !line.EndsWith(';');

    private static bool Declares(string file, string expected) =>
        File.ReadLines(file).Where(line => line.StartsWith("namespace ", StringComparison.Ordinal)).All(line => line == $"namespace {expected};");
}
