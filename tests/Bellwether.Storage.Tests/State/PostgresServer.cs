using System.Diagnostics;
using Npgsql;

namespace Bellwether.Storage.Tests;

/// <summary>A real PostgreSQL of its own in a temporary folder, on a unix socket only, stopped at the end of the run.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private const string Bin = "/usr/lib/postgresql/15/bin";
    private readonly string _folder = Directory.CreateTempSubdirectory("bw-pg").FullName;
    private int _databases;

    private string Data => Path.Combine(_folder, "data");

    public async ValueTask InitializeAsync()
    {
        // PostgreSQL refuses to run as root; CI containers often are root.
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", "postgres", _folder);
        }

        await PostgresAsync("initdb", "-D", Data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--no-locale");
        await PostgresAsync(
            "pg_ctl", "-D", Data, "-w", "-s", "-l", Path.Combine(_folder, "log"),
            "-o", $"-c listen_addresses='' -c unix_socket_directories='{_folder}' -c fsync=off", "start");
    }

    /// <returns>The connection string of a new, empty database.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"t{Interlocked.Increment(ref _databases)}";
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await command.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await PostgresAsync("pg_ctl", "-D", Data, "-w", "-s", "-m", "immediate", "stop");
        Directory.Delete(_folder, recursive: true);
    }

    private string ConnectionString(string database) => $"Host={_folder};Username=postgres;Database={database};Pooling=true;Maximum Pool Size=20";

    private static Task PostgresAsync(string program, params string[] arguments) =>
        Environment.IsPrivilegedProcess
            ? RunAsync("runuser", ["-u", "postgres", "--", Path.Combine(Bin, program), .. arguments])
            : RunAsync(Path.Combine(Bin, program), arguments);

    private static async Task RunAsync(string program, params string[] arguments)
    {
        // The server that pg_ctl leaves behind would hold a redirected pipe open, so only initdb's chatter is caught.
        var chatty = arguments.Any(argument => argument.EndsWith("initdb", StringComparison.Ordinal)) || program.EndsWith("initdb", StringComparison.Ordinal);
        var start = new ProcessStartInfo(program) { UseShellExecute = false, WorkingDirectory = "/", RedirectStandardOutput = chatty };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        if (chatty)
        {
            await process.StandardOutput.ReadToEndAsync();
        }

        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} exited with {process.ExitCode}");
        }
    }
}
