using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;

namespace Bellwether.IngestBench;

/// <summary>The real server in a process of its own, with a data folder of its own and default settings.</summary>
internal sealed class ServerUnderTest : IDisposable
{
    private const string Key = "bw-ingest-bench-administrator";

    private readonly string _folder;
    private readonly Process _process;

    private ServerUnderTest(string dll, string folder, int port)
    {
        _folder = folder;
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["exec", dll, "--urls", $"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}"])
        {
            start.ArgumentList.Add(argument);
        }
        start.Environment["Bellwether__DataDirectory"] = folder;
        start.Environment["Bellwether__Bootstrap__ApiKey"] = Key;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Show(line.Data);
        _process.ErrorDataReceived += (_, line) => Show(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}"), Timeout = TimeSpan.FromMinutes(2) };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
    }

    public HttpClient Client { get; }

    public int Id => _process.Id;

    public double CpuMs
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime.TotalMilliseconds;
        }
    }

    /// <summary>Resident memory now and the most of it so far, in megabytes.</summary>
    public (double Now, double Peak) MemoryMb => (Status("VmRSS:"), Status("VmHWM:"));

    public static async Task<ServerUnderTest> StartAsync(string dll, string folder)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var server = new ServerUnderTest(dll, folder, port);
        for (var attempt = 0; attempt < 600; attempt++)
        {
            try
            {
                using var ready = await server.Client.GetAsync("/readyz");
                if (ready.IsSuccessStatusCode)
                {
                    return server;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            await Task.Delay(100);
        }
        throw new InvalidOperationException("The server did not become ready.");
    }

    /// <summary>True when the batch was acknowledged; a refusal is waited for and sent again.</summary>
    public async Task<bool> SendAsync(byte[] gzipped)
    {
        using var content = new ByteArrayContent(gzipped);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        content.Headers.ContentEncoding.Add("gzip");
        using var response = await Client.PostAsync("/v1/traces", content);
        if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            await Task.Delay(response.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1));
            return false;
        }
        response.EnsureSuccessStatusCode();
        return true;
    }

    public async Task<long> CountAsync()
    {
        using var count = JsonDocument.Parse(await Client.GetStringAsync("/api/v1/observations/count?from=now-2d"));
        return count.RootElement.GetProperty("total").GetInt64();
    }

    public void Dispose()
    {
        Client.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static void Show(string? line)
    {
        if (line is not null && (line.Contains("\"Error\"", StringComparison.Ordinal) || line.Contains("Unhandled", StringComparison.Ordinal)))
        {
            Console.Error.WriteLine(line);
        }
    }

    // "VmRSS:     123456 kB"
    private double Status(string name)
    {
        var line = File.ReadLines($"/proc/{_process.Id.ToString(CultureInfo.InvariantCulture)}/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line[name.Length..^"kB".Length], NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture) / 1024.0;
    }
}
