namespace Bellwether.Dashboard;

/// <summary>The four states that every panel draws.</summary>
public enum PanelState
{
    /// <summary>Nothing was read yet.</summary>
    Loading,
    /// <summary>Read, and there is nothing.</summary>
    Empty,
    /// <summary>Could not be read.</summary>
    Failed,
    Full,
}
