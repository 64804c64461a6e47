namespace Bellwether.Dashboard.Tests;

public sealed class NavigationItemsTests
{
    [Fact]
    public void Settings_lead_back_to_the_project_that_one_came_from()
    {
        Assert.All(Settings("demo"), item => Assert.EndsWith("?project=demo", item.Path, StringComparison.Ordinal));
        Assert.All(Settings("default"), item => Assert.DoesNotContain('?', item.Path));
    }

    private static IReadOnlyList<NavigationItem> Settings(string project) => NavigationItems.For(project).Single(group => group.Title == "Settings").Items;
}
