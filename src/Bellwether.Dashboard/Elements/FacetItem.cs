namespace Bellwether.Dashboard;

/// <summary>A value of a field with the number of requests that have it.</summary>
/// <param name="Label">What to show where the value itself says little.</param>
public sealed record FacetItem(string Value, long Count, bool Selected = false, string? Label = null);
