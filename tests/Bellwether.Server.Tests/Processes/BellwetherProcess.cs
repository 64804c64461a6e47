using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>The real server, as built, in a process of its own with a data folder of its own.</summary>
internal sealed class BellwetherProcess : IAsyncDisposable
{
    public const string ApiKey = "bw-test-administrator-key";
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_commitLimit = TimeSpan.FromSeconds(30);

    private readonly string _folder;
    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly string[] _arguments;
    private readonly string? _program;
    private readonly StringBuilder _log = new();
    private readonly HttpClient _api;
    private Process? _process;

    private BellwetherProcess(IReadOnlyDictionary<string, string> settings, string[] arguments, string? program)
    {
        _program = program;
        _folder = Directory.CreateTempSubdirectory("bellwether-test").FullName;
        _settings = settings;
        _arguments = arguments;
        Address = new Uri($"http://127.0.0.1:{FreePort().ToString(CultureInfo.InvariantCulture)}");
        _api = new HttpClient { BaseAddress = Address };
        _api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ApiKey);
    }

    public Uri Address { get; }
    public int Id => _process!.Id;

    /// <summary>Where it keeps everything.</summary>
    public string DataFolder => _folder;

    /// <summary>Everything that the server has written to its two outputs, all starts together.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>Lines of the log that tell of an error of ours.</summary>
    public IReadOnlyList<string> Errors => [.. Log.Split('\n').Where(line =>
        line.Contains("\"LogLevel\":\"Error\"", StringComparison.Ordinal)
        || line.Contains("\"LogLevel\":\"Critical\"", StringComparison.Ordinal)
        || line.Contains("Unhandled exception", StringComparison.Ordinal))];

    /// <summary>Resident memory in bytes.</summary>
    public long Memory => StatusBytes("VmRSS:");

    /// <summary>The most resident memory since <see cref="ForgetPeakMemory"/>, or since the start, in bytes: as the kernel counts it, so that no peak is missed between two looks.</summary>
    public long PeakMemory => StatusBytes("VmHWM:");

    /// <summary>See proc(5), <c>clear_refs</c>.</summary>
    public void ForgetPeakMemory() => File.WriteAllText($"/proc/{Id.ToString(CultureInfo.InvariantCulture)}/clear_refs", "5");

    /// <param name="settings">Environment variables such as <c>Bellwether__Telemetry__Durability</c>; an empty one is not set at all.</param>
    public static Task<BellwetherProcess> StartAsync(IReadOnlyDictionary<string, string>? settings = null, params string[] arguments) =>
        StartAsync(new BellwetherProcess(settings ?? new Dictionary<string, string>(), arguments, program: null));

    /// <summary>Another build of the server than the one beside the tests.</summary>
    public static Task<BellwetherProcess> StartProgramAsync(string program) =>
        StartAsync(new BellwetherProcess(new Dictionary<string, string>(), [], program));

    private static async Task<BellwetherProcess> StartAsync(BellwetherProcess server)
    {
        try
        {
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts on the same data and the same port, and waits until it is ready.</summary>
    public async Task StartAgainAsync()
    {
        var start = new ProcessStartInfo(_program ?? "dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        string[] server = _program is null ? ["exec", Repository.Server] : [];
        foreach (var argument in (string[])[.. server, "--urls", Address.ToString().TrimEnd('/'), .. _arguments])
        {
            start.ArgumentList.Add(argument);
        }
        start.Environment["Bellwether__DataDirectory"] = _folder;
        start.Environment["Bellwether__Bootstrap__ApiKey"] = ApiKey;
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x60000000";
        // Many servers run at once, and only one could have the usual ports.
        start.Environment["Bellwether__Otlp__GrpcPort"] = "0";
        start.Environment["Bellwether__Otlp__HttpPort"] = "0";
        foreach (var (name, value) in _settings)
        {
            if (value.Length == 0)
            {
                start.Environment.Remove(name);
                continue;
            }
            start.Environment[name] = value;
        }
        _process = Process.Start(start) ?? throw new InvalidOperationException("The server could not be started.");
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();

        var clock = Stopwatch.StartNew();
        while (!await IsReadyAsync())
        {
            if (_process.HasExited || clock.Elapsed > s_startLimit)
            {
                throw new InvalidOperationException($"The server did not become ready.\n{Log}");
            }
            await Task.Delay(50);
        }
    }

    public async Task<bool> IsReadyAsync()
    {
        try
        {
            using var response = await _api.GetAsync("/readyz");
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary><c>kill -9</c>.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, without waiting.</summary>
    public void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <returns>The exit code.</returns>
    public async Task<int> WaitForExitAsync(TimeSpan limit)
    {
        using var timeout = new CancellationTokenSource(limit);
        await _process!.WaitForExitAsync(timeout.Token);
        return _process.ExitCode;
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        using var response = await _api.GetAsync(path);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {body}");
        return JsonDocument.Parse(body).RootElement;
    }

    /// <summary>The observations that match, newest first, once there are <paramref name="count"/> or the limit for a commit has passed.</summary>
    public async Task<IReadOnlyList<JsonElement>> ObservationsAsync(string filter, int count)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var page = await GetAsync($"/api/v1/observations?limit=1000&{filter}");
            var items = page.GetProperty("items").EnumerateArray().ToArray();
            if (items.Length >= count || clock.Elapsed > s_commitLimit)
            {
                return items;
            }
            await Task.Delay(100);
        }
    }

    /// <summary>The one observation of a call, with its texts; fails when there are more or none.</summary>
    public async Task<JsonElement> TheObservationAsync(string filter)
    {
        var found = await ObservationsAsync(filter, 1);
        var one = Assert.Single(found);
        return await GetAsync($"/api/v1/observations/{one.GetProperty("id").GetString()}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
        _process?.Dispose();
        _api.Dispose();
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (IOException)
        {
            // A killed process may still be letting go of its files; the system's temporary folder is cleaned anyway.
        }
    }

    // "VmRSS:     123456 kB"
    private long StatusBytes(string name)
    {
        var line = File.ReadLines($"/proc/{Id.ToString(CultureInfo.InvariantCulture)}/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line[name.Length..^"kB".Length], NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture) * 1_024;
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_log)
        {
            _log.AppendLine(line.Data);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
