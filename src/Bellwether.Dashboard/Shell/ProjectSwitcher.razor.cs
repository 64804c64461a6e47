using Microsoft.AspNetCore.Components;

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

    protected override async Task OnParametersSetAsync() => _projects = await Choices.ListAsync(CancellationToken.None);

    private string NameOf(string id) => _projects.FirstOrDefault(choice => choice.Id == id)?.Name ?? id;
}
