namespace Bellwether.Server.Tests;

/// <summary>A configuration that cannot be used ends the start with exit code 2, every mistake at once, and nothing done.</summary>
public sealed class BadConfigurationTests : IDisposable
{
    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("bellwether-bad").FullName, "data");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    [Fact]
    public async Task Every_mistake_is_named_with_key_value_and_source_and_nothing_is_created()
    {
        var (code, output, error) = await RunAsync(
            ["--Bellwether:Gateway:Audit=sometimes", "--Bellwether:Gatway:MaxBodyBytes=5"],
            new()
            {
                ["Bellwether__Telemetry__Durabilty"] = "os",
                ["Bellwether__Telemetry__BatchAge"] = "soon",
                ["Bellwether__Gateway__MaxHeaderCount"] = "3",
                ["Bellwether__Providers__mine__ApiKey"] = "sk-very-secret-value",
            });
        Assert.Equal(2, code);
        Assert.Equal("", output);
        Assert.Contains("Bellwether:Telemetry:Durabilty = \"os\" (environment variable Bellwether__Telemetry__Durabilty)", error, StringComparison.Ordinal);
        Assert.Contains("did you mean Bellwether:Telemetry:Durability?", error, StringComparison.Ordinal);
        Assert.Contains("Bellwether:Telemetry:BatchAge = \"soon\"", error, StringComparison.Ordinal);
        Assert.Contains("Bellwether:Gateway:MaxHeaderCount = \"3\" (environment variable Bellwether__Gateway__MaxHeaderCount)", error, StringComparison.Ordinal);
        Assert.Contains("Bellwether:Gateway:Audit = \"sometimes\" (argument --Bellwether:Gateway:Audit): must be required or best-effort", error, StringComparison.Ordinal);
        Assert.Contains("Bellwether:Gatway:MaxBodyBytes", error, StringComparison.Ordinal);
        Assert.Contains("Bellwether:Providers:mine:Kind", error, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-very-secret-value", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder), "The data folder was made although the server cannot start.");
    }

    [Theory]
    [InlineData("Bellwether__Telemetry__Durability", "sometimes", "sometimes")]
    [InlineData("Bellwether__Gateway__Audit", "", "Bellwether:Gateway:Audit")]
    [InlineData("Bellwether__Otlp__GrpcPort", "99999", "99999")]
    [InlineData("Bellwether__Providers__openai__BaseUrl", "ftp://example.com", "ftp://example.com")]
    [InlineData("Bellwether__Bootstrap__ApiKey", "short", "Bellwether:Bootstrap:ApiKey")]
    [InlineData("Bellwether__Gateway__HeadersTimeout", "00:00:00", "Bellwether:Gateway:HeadersTimeout")]
    [InlineData("Bellwether__Nonsense", "1", "Bellwether:Nonsense")]
    public async Task One_bad_setting_is_enough(string name, string value, string named)
    {
        var (code, _, error) = await RunAsync([], new() { [name] = value });
        Assert.Equal(2, code);
        Assert.Contains(named, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_was_changed_is_named_with_the_reason_and_the_way_out()
    {
        var models = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(_folder)!, "models")).FullName;
        await BrokenModels.WriteAsync(models, "harm");
        var (code, output, error) = await RunAsync(["--Bellwether:Detection:ModelDirectory=" + models], []);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("Bellwether:Detection", error, StringComparison.Ordinal);
        Assert.Contains("The model of the detector 'harm' cannot be used: it was cut or changed: the checksum does not fit. Set ", error, StringComparison.Ordinal);
        Assert.Contains("Set Bellwether:Detection:OnBrokenModel to RunWithout", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder), "The data folder was made although the server cannot start.");
    }

    [Theory]
    [InlineData("Bellwether__Detection__ModelDirectory", "/no/such/folder", "Bellwether:Detection:ModelDirectory = \"/no/such/folder\" (environment variable Bellwether__Detection__ModelDirectory): is no folder")]
    [InlineData("Bellwether__Detection__OnBrokenModel", "shrug", "Bellwether:Detection:OnBrokenModel")]
    [InlineData("Bellwether__Detection__DetectorTime", "00:00:00", "Bellwether:Detection:DetectorTime")]
    public async Task A_setting_of_the_detectors_is_checked_too(string name, string value, string named)
    {
        var (code, _, error) = await RunAsync([], new() { [name] = value });
        Assert.Equal(2, code);
        Assert.Contains(named, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--urls=foo://bar", "urls = \"foo://bar\" (argument --urls)")]
    [InlineData("--urls=http://localhost:99999", "urls = \"http://localhost:99999\" (argument --urls)")]
    [InlineData("--urls=localhost", "urls = \"localhost\" (argument --urls)")]
    [InlineData("--Bellwether:DataDirectory=/dev/null/data", "Bellwether:DataDirectory = \"/dev/null/data\" (argument --Bellwether:DataDirectory): is no folder that can be written to")]
    [InlineData("--Bellwether:State:ConnectionString=nonsense", "Bellwether:State:ConnectionString = \"***\" (argument --Bellwether:State:ConnectionString): is not a connection string")]
    [InlineData("--Bellwether:State:ConnectionString=Host=db;Colour=red", "Bellwether:State:ConnectionString = \"***\" (argument --Bellwether:State:ConnectionString): is not a connection string")]
    public async Task What_the_host_itself_cannot_use_is_a_mistake_like_others(string argument, string named)
    {
        var (code, output, error) = await RunAsync([argument], []);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(named, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder), "The data folder was made although the server cannot start.");
    }

    [Fact]
    public async Task A_port_that_is_taken_ends_the_start_with_one_line_and_no_stack()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var (code, output, error) = await RunAsync([$"--urls=http://{taken.LocalEndpoint}"], []);
        Assert.Equal(1, code);
        Assert.StartsWith("Bellwether cannot start: Failed to bind to address", error, StringComparison.Ordinal);
        Assert.Single(error.Trim().Split('\n'));
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("\"Critical\"", output, StringComparison.Ordinal);
        Assert.DoesNotContain("\"Error\"", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_another_server_has_ends_the_start_with_one_line_and_no_stack()
    {
        var journal = Directory.CreateDirectory(Path.Combine(_folder, "journal")).FullName;
        await File.WriteAllTextAsync(Path.Combine(journal, "lock.holder"), "process 17 on db", TestContext.Current.CancellationToken);
        await using var held = new FileStream(Path.Combine(journal, "lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        var (code, output, error) = await RunAsync([], []);
        Assert.Equal(1, code);
        Assert.Matches(@"^Bellwether cannot start: The data folder is in use: .* is locked by process 17 on db\.", error);
        Assert.DoesNotContain("   at ", output + error, StringComparison.Ordinal);
    }

    private Task<(int Code, string Output, string Error)> RunAsync(string[] arguments, Dictionary<string, string> environment)
    {
        environment["Bellwether__DataDirectory"] = _folder;
        environment.TryAdd("Bellwether__Otlp__GrpcPort", "0");
        environment.TryAdd("Bellwether__Otlp__HttpPort", "0");
        return ProgramRun.ToEndAsync("dotnet", ["exec", Repository.Server, "--urls", "http://127.0.0.1:0", .. arguments], environment);
    }
}
