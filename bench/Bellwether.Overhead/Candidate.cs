using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Bellwether.Overhead;

/// <summary>A process under test, pinned to a core; direct is the upstream itself.</summary>
internal sealed class Candidate : IDisposable
{
    private readonly Process? _process;
    private readonly string? _dataFolder;

    private Candidate(string name, int port, Process? process, string? dataFolder = null)
    {
        Name = name;
        Port = port;
        _process = process;
        _dataFolder = dataFolder;
    }

    public string Name { get; }

    public int Port { get; }

    public static Candidate Direct(int port) => new("direct", port, null);

    /// <summary>Starts one role of this program, or any dll, on the given core.</summary>
    public static Candidate Start(string name, int core, int port, string dll, IEnumerable<string> arguments, Dictionary<string, string>? environment = null, string? dataFolder = null)
    {
        var start = new ProcessStartInfo("taskset") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["-c", core.ToString(CultureInfo.InvariantCulture), "dotnet", dll, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }
        foreach (var (key, value) in environment ?? [])
        {
            start.Environment[key] = value;
        }
        var process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.ErrorDataReceived += (_, line) =>
        {
            if (!string.IsNullOrEmpty(line.Data))
            {
                Console.Error.WriteLine($"{name}: {line.Data}");
            }
        };
        process.BeginErrorReadLine();
        return new Candidate(name, port, process, dataFolder);
    }

    public async Task WaitAsync()
    {
        for (var attempt = 0; attempt < 600; attempt++)
        {
            try
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync("127.0.0.1", Port);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(100);
            }
        }
        throw new InvalidOperationException($"{Name} did not start.");
    }

    /// <summary>User and system time of the whole process so far, in milliseconds. taskset replaces itself by the program, so the id is the program's.</summary>
    public double CpuMs => _process is null ? 0 : Refreshed(process => process.TotalProcessorTime.TotalMilliseconds);

    /// <summary>Resident memory in megabytes.</summary>
    public double RssMb => _process is null ? 0 : Refreshed(process => process.WorkingSet64 / 1e6);

    /// <summary>The most that it ever was.</summary>
    public double PeakRssMb => _process is null ? 0 : Refreshed(process => process.PeakWorkingSet64 / 1e6);

    public void Dispose()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            _process.WaitForExit();
        }
        _process?.Dispose();
        if (_dataFolder is not null)
        {
            Directory.Delete(_dataFolder, recursive: true);
        }
    }

    private double Refreshed(Func<Process, double> read)
    {
        _process!.Refresh();
        return read(_process);
    }
}
