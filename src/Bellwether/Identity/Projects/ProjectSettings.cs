using System.Data.Common;
using Bellwether.Primitives;
using Bellwether.State;

namespace Bellwether.Identity;

/// <param name="Id">1 to 64 characters of <c>[a-z0-9-]</c>; it stands in addresses and can never be changed.</param>
public sealed record NewProject(string? Id, string? Name);

public sealed record ProjectPatch(string? Name);

/// <summary>Makes and changes projects.</summary>
public sealed class ProjectSettings(DbDataSource state, Projects projects, AuditTrail audit, TimeProvider clock)
{
    public async Task<Change<Project>> CreateAsync(Actor actor, NewProject wanted, CancellationToken cancellationToken)
    {
        if (!actor.IsOperator)
        {
            return Change.Forbidden;
        }

        var errors = new FieldErrors()
            .Check(wanted.Id is { Length: >= 1 and <= 64 } text && text.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-'), "id", "must be 1 to 64 characters of a-z, 0-9 and -")
            .CheckName(wanted.Name, "name");
        if (errors.Any)
        {
            return errors.ToChange();
        }

        var id = new ProjectId(wanted.Id!);
        var made = await state.TransactAsync(
            async connection =>
            {
                var inserted = await connection.ExecuteAsync(
                    "INSERT INTO project (id, name, settings, created_at) VALUES (@id, @name, '{}', @now) ON CONFLICT (id) DO NOTHING",
                    cancellationToken,
                    ("@id", id.Value), ("@name", wanted.Name!.Trim()), ("@now", clock.GetUtcNow())) == 1;
                if (inserted)
                {
                    await audit.WriteAsync(connection, actor, id, "project.created", id.Value, "", cancellationToken);
                }

                return inserted;
            },
            cancellationToken);
        if (!made)
        {
            return Change.Conflict("id", "is taken");
        }

        await projects.LoadAsync(cancellationToken);
        return projects.Find(id)!;
    }

    public async Task<Change<Project>> RenameAsync(Actor actor, ProjectId id, ProjectPatch wanted, CancellationToken cancellationToken)
    {
        if (!actor.MaySee(id) || projects.Find(id) is null)
        {
            return Change.NotFound;
        }

        if (!actor.May(Role.Administrator, id))
        {
            return Change.Forbidden;
        }

        var errors = new FieldErrors().CheckName(wanted.Name, "name");
        if (errors.Any)
        {
            return errors.ToChange();
        }

        await state.TransactAsync(
            async connection =>
            {
                await connection.ExecuteAsync("UPDATE project SET name = @name WHERE id = @id", cancellationToken, ("@name", wanted.Name!.Trim()), ("@id", id.Value));
                await audit.WriteAsync(connection, actor, id, "project.renamed", id.Value, "name", cancellationToken);
            },
            cancellationToken);
        await projects.LoadAsync(cancellationToken);
        return projects.Find(id)!;
    }
}
