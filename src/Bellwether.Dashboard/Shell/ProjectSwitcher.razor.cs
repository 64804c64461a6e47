using Bellwether.Identity;
using Bellwether.Primitives;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace Bellwether.Dashboard;

public sealed partial class ProjectSwitcher
{
    private IReadOnlyList<ProjectChoice> _projects = [];

    [Parameter, EditorRequired]
    public string Project { get; set; } = "";

    [Parameter, EditorRequired]
    public ViewState View { get; set; } = new();

    [Inject]
    private ProjectChoices Choices { get; set; } = default!;

    [CascadingParameter]
    private Task<AuthenticationState>? Authentication { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        var user = Authentication is null ? null : (await Authentication).User;
        var all = await Choices.ListAsync(CancellationToken.None);
        // A person bound to some projects does not learn the names of the others.
        _projects = [.. all.Where(choice => user?.MaySee(new ProjectId(choice.Id)) == true)];
    }

    private string NameOf(string id) => _projects.FirstOrDefault(choice => choice.Id == id)?.Name ?? id;
}
