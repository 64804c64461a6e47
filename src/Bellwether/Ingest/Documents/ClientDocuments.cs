using System.Data.Common;
using System.Globalization;
using Bellwether.Primitives;
using Bellwether.State;
using Microsoft.AspNetCore.Http;

namespace Bellwether.Ingest;

/// <summary>The table of <see cref="ClientDocument"/>s, which has its name from the first client that kept some.</summary>
internal sealed class ClientDocuments(DbDataSource state)
{
    /// <summary>Of one kind in a project, or below one parent: what is more is no collection that a person works with.</summary>
    public const int MostOfAKind = 10_000;
    private const int LongestBody = 1024 * 1024;
    private const string Columns = "project, kind, id, parent, name, body, created_at, modified_at";

    public Task<List<ClientDocument>> AllAsync(DocumentKind kind, CancellationToken cancellationToken) =>
        state.QueryAsync($"SELECT {Columns} FROM langsmith_document WHERE kind = @kind ORDER BY created_at, id", Read, cancellationToken, ("@kind", kind));

    /// <summary>Newest first.</summary>
    public Task<List<ClientDocument>> ListAsync(ProjectId project, DocumentKind kind, string parent, CancellationToken cancellationToken) => state.QueryAsync(
        $"SELECT {Columns} FROM langsmith_document WHERE project = @project AND kind = @kind AND parent = @parent ORDER BY created_at DESC, id DESC",
        Read, cancellationToken, ("@project", project.Value), ("@kind", kind), ("@parent", parent));

    /// <summary>Names only, newest first.</summary>
    public Task<List<string>> NamesAsync(ProjectId project, DocumentKind kind, string parent, CancellationToken cancellationToken) => state.QueryAsync(
        "SELECT name FROM langsmith_document WHERE project = @project AND kind = @kind AND parent = @parent ORDER BY created_at DESC, id DESC",
        row => row.GetString(0), cancellationToken, ("@project", project.Value), ("@kind", kind), ("@parent", parent));

    public async Task<ClientDocument?> FindAsync(ProjectId project, DocumentKind kind, Guid id, CancellationToken cancellationToken) => (await state.QueryAsync(
        $"SELECT {Columns} FROM langsmith_document WHERE project = @project AND kind = @kind AND id = @id",
        Read, cancellationToken, ("@project", project.Value), ("@kind", kind), ("@id", id.ToString()))).FirstOrDefault();

    public async Task<ClientDocument?> FindAsync(ProjectId project, DocumentKind kind, string parent, string name, CancellationToken cancellationToken) => (await state.QueryAsync(
        $"SELECT {Columns} FROM langsmith_document WHERE project = @project AND kind = @kind AND parent = @parent AND name = @name",
        Read, cancellationToken, ("@project", project.Value), ("@kind", kind), ("@parent", parent), ("@name", name))).FirstOrDefault();

    /// <summary>False when there is one with this id or name. Throws <see cref="IngestRefusal"/> for one that is too large or too many.</summary>
    public Task<bool> AddAsync(ClientDocument document, CancellationToken cancellationToken)
    {
        CheckSize(document);
        return state.TransactAsync(
            async connection =>
            {
                var there = await connection.QueryAsync(
                    "SELECT count(*) FROM langsmith_document WHERE project = @project AND kind = @kind AND parent = @parent",
                    row => row.GetInt64(0), cancellationToken, ("@project", document.Project.Value), ("@kind", document.Kind), ("@parent", document.Parent));
                if (there[0] >= MostOfAKind)
                {
                    throw new IngestRefusal(StatusCodes.Status422UnprocessableEntity, "invalid", $"name: there are {MostOfAKind} already; delete some");
                }
                return await connection.ExecuteAsync(
                    $"INSERT INTO langsmith_document ({Columns}) VALUES (@project, @kind, @id, @parent, @name, @body, @created, @modified) ON CONFLICT DO NOTHING",
                    cancellationToken, ("@project", document.Project.Value), ("@kind", document.Kind), ("@id", document.Id.ToString()), ("@parent", document.Parent), ("@name", document.Name),
                    ("@body", document.Json), ("@created", document.CreatedAt), ("@modified", document.ModifiedAt)) > 0;
            },
            cancellationToken);
    }

    /// <summary>Writes the body; false when there is no such document any more.</summary>
    public async Task<bool> SaveAsync(ClientDocument document, CancellationToken cancellationToken)
    {
        CheckSize(document);
        return await state.ExecuteAsync(
            "UPDATE langsmith_document SET body = @body, modified_at = @modified WHERE project = @project AND kind = @kind AND id = @id",
            cancellationToken, ("@project", document.Project.Value), ("@kind", document.Kind), ("@id", document.Id.ToString()), ("@body", document.Json), ("@modified", document.ModifiedAt)) > 0;
    }

    /// <summary>Removes a document and what is below it.</summary>
    public Task<bool> RemoveAsync(ProjectId project, DocumentKind kind, Guid id, CancellationToken cancellationToken) => state.TransactAsync(
        async connection =>
        {
            await connection.ExecuteAsync("DELETE FROM langsmith_document WHERE project = @project AND parent = @id", cancellationToken, ("@project", project.Value), ("@id", id.ToString()));
            return await connection.ExecuteAsync(
                "DELETE FROM langsmith_document WHERE project = @project AND kind = @kind AND id = @id", cancellationToken, ("@project", project.Value), ("@kind", kind), ("@id", id.ToString())) > 0;
        },
        cancellationToken);

    private static void CheckSize(ClientDocument document)
    {
        if (document.Json.Length > LongestBody)
        {
            throw new IngestRefusal(StatusCodes.Status413PayloadTooLarge, "too_large", $"This may have at most {LongestBody} characters of JSON.");
        }
    }

    private static ClientDocument Read(DbDataReader row) => new(
        new ProjectId(row.GetString(0)), Enum.Parse<DocumentKind>(row.GetString(1), ignoreCase: true), Guid.Parse(row.GetString(2), CultureInfo.InvariantCulture),
        row.GetString(3), row.GetString(4), row.GetString(5), row.Time(6), row.Time(7));
}
