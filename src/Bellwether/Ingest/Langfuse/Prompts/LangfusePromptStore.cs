using System.Data.Common;
using System.Globalization;
using Bellwether.Primitives;
using Bellwether.State;

namespace Bellwether.Ingest;

/// <summary>What a client wants to keep as the next version of a prompt.</summary>
/// <param name="Tags">A JSON array for all versions; null leaves those that there are.</param>
internal sealed record LangfusePromptDraft(string Name, string Kind, string Body, string? Tags, IReadOnlyList<string> Labels);

/// <summary>The tables of prompts and their labels.</summary>
internal sealed class LangfusePromptStore(DbDataSource state)
{
    /// <summary>Versions of all prompts of a project together: what is more is no collection that people work with.</summary>
    public static readonly int MostVersions = 10_000;

    private const int MostTries = 20;
    private const string Columns = "project, name, version, id, kind, body, tags, created_at, updated_at";

    /// <summary>All versions of a prompt with their labels, the newest first.</summary>
    public Task<List<LangfusePrompt>> VersionsAsync(ProjectId project, string name, CancellationToken cancellationToken) => ReadAsync(project, name, cancellationToken);

    /// <summary>All versions of all prompts with their labels, by name, the newest first.</summary>
    public Task<List<LangfusePrompt>> AllAsync(ProjectId project, CancellationToken cancellationToken) => ReadAsync(project, null, cancellationToken);

    /// <returns>The number of the new version; null when there are too many, 0 when the earlier ones are of the other kind.</returns>
    public async Task<int?> AddAsync(ProjectId project, LangfusePromptDraft draft, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Of two clients that add at once one finds its number taken and takes the next.
        for (var attempt = 0; attempt < MostTries; attempt++)
        {
            var version = await state.TransactAsync(connection => TryAddAsync(connection, project, draft, now, cancellationToken), version => version is > 0, cancellationToken);
            if (version is not -1)
            {
                return version;
            }
        }
        throw IngestRefusal.Busy("busy", "Many clients make versions of this prompt at once.", seconds: 1);
    }

    /// <summary>Puts labels at a version, away from where they were; false when there is no such version.</summary>
    public Task<bool> LabelAsync(ProjectId project, string name, int version, IReadOnlyList<string> labels, DateTimeOffset now, CancellationToken cancellationToken) => state.TransactAsync(
        async connection =>
        {
            if (await connection.ExecuteAsync(
                "UPDATE langfuse_prompt SET updated_at = @now WHERE project = @project AND name = @name AND version = @version",
                cancellationToken, ("@now", now), ("@project", project.Value), ("@name", name), ("@version", version)) == 0)
            {
                return false;
            }
            await PutAsync(connection, project, name, version, labels, cancellationToken);
            return true;
        },
        cancellationToken);

    /// <summary>Removes these versions with their labels; returns how many there were.</summary>
    public async Task<int> RemoveAsync(ProjectId project, string name, IReadOnlyList<int> versions, CancellationToken cancellationToken)
    {
        var removed = 0;
        foreach (var version in versions)
        {
            removed += await state.ExecuteAsync(
                "DELETE FROM langfuse_prompt WHERE project = @project AND name = @name AND version = @version",
                cancellationToken, ("@project", project.Value), ("@name", name), ("@version", version));
        }
        return removed;
    }

    // -1 when the number was taken meanwhile. What is not above 0 is rolled back.
    private static async Task<int?> TryAddAsync(DbConnection connection, ProjectId project, LangfusePromptDraft draft, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7(now);
        if (await connection.ExecuteAsync(
            $"""
            INSERT INTO langfuse_prompt ({Columns})
            SELECT @project, @name, COALESCE(MAX(version), 0) + 1, @id, @kind, @body, @tags, @now, @now FROM langfuse_prompt WHERE project = @project AND name = @name
            ON CONFLICT DO NOTHING
            """,
            cancellationToken, ("@project", project.Value), ("@name", draft.Name), ("@id", id.ToString()), ("@kind", draft.Kind), ("@body", draft.Body), ("@tags", draft.Tags ?? "[]"), ("@now", now)) == 0)
        {
            return -1;
        }
        var there = (await connection.QueryAsync("SELECT COUNT(*) FROM langfuse_prompt WHERE project = @project", row => row.GetInt64(0), cancellationToken, ("@project", project.Value)))[0];
        if (there > MostVersions)
        {
            return null;
        }
        var known = await connection.QueryAsync(
            "SELECT version, kind, tags FROM langfuse_prompt WHERE project = @project AND name = @name ORDER BY version DESC LIMIT 2",
            row => (Version: row.GetInt32(0), Kind: row.GetString(1), Tags: row.GetString(2)), cancellationToken, ("@project", project.Value), ("@name", draft.Name));
        if (known is [_, var before] && before.Kind != draft.Kind)
        {
            return 0;
        }
        await connection.ExecuteAsync(
            "UPDATE langfuse_prompt SET tags = @tags WHERE project = @project AND name = @name",
            cancellationToken, ("@tags", draft.Tags ?? known[^1].Tags), ("@project", project.Value), ("@name", draft.Name));
        await PutAsync(connection, project, draft.Name, known[0].Version, draft.Labels, cancellationToken);
        return known[0].Version;
    }

    private static async Task PutAsync(DbConnection connection, ProjectId project, string name, int version, IReadOnlyList<string> labels, CancellationToken cancellationToken)
    {
        foreach (var label in labels)
        {
            await connection.ExecuteAsync(
                "INSERT INTO langfuse_prompt_label (project, name, label, version) VALUES (@project, @name, @label, @version) ON CONFLICT (project, name, label) DO UPDATE SET version = excluded.version",
                cancellationToken, ("@project", project.Value), ("@name", name), ("@label", label), ("@version", version));
        }
    }

    private async Task<List<LangfusePrompt>> ReadAsync(ProjectId project, string? name, CancellationToken cancellationToken)
    {
        var (of, parameters) = name is null ? ("", new (string, object?)[] { ("@project", project.Value) }) : (" AND name = @name", [("@project", project.Value), ("@name", name)]);
        var prompts = await state.QueryAsync($"SELECT {Columns} FROM langfuse_prompt WHERE project = @project{of} ORDER BY name, version DESC", Read, cancellationToken, parameters);
        var labels = (await state.QueryAsync(
            $"SELECT name, version, label FROM langfuse_prompt_label WHERE project = @project{of} ORDER BY label",
            row => (Of: (row.GetString(0), row.GetInt32(1)), Label: row.GetString(2)), cancellationToken, parameters)).ToLookup(row => row.Of, row => row.Label);
        var newest = prompts.DistinctBy(prompt => prompt.Name).ToHashSet();
        return [.. prompts.Select(prompt => prompt with { Labels = [.. labels[(prompt.Name, prompt.Version)], .. newest.Contains(prompt) ? [LangfusePrompt.Latest] : Array.Empty<string>()] })];
    }

    private static LangfusePrompt Read(DbDataReader row) => new(
        new ProjectId(row.GetString(0)), row.GetString(1), row.GetInt32(2), Guid.Parse(row.GetString(3), CultureInfo.InvariantCulture), row.GetString(4), row.GetString(5), row.GetString(6), row.Time(7), row.Time(8));
}
