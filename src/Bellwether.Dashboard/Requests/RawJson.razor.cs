using System.Text;
using Microsoft.AspNetCore.Components;

namespace Bellwether.Dashboard;

/// <summary>A whole body, indented and coloured; only the lines in sight are drawn.</summary>
public sealed partial class RawJson
{
    /// <summary>A copy button carries its text in the page; for larger bodies there is the API.</summary>
    private const int MostCopied = 256 * 1024;

    private PrettyJson _pretty = new([], true, false);
    private List<int> _numbers = [];
    private ReadOnlyMemory<byte>? _read;

    /// <summary>Directly below the page's title, with no heading between.</summary>
    [Parameter]
    public bool IsUnderTitle { get; set; }

    [Parameter, EditorRequired]
    public string Title { get; set; } = "";

    [Parameter, EditorRequired]
    public ReadOnlyMemory<byte> Body { get; set; }

    /// <summary>A few words: cut at the capture limit, assembled from a stream.</summary>
    [Parameter]
    public string Note { get; set; } = "";

    /// <summary>Why there is nothing.</summary>
    [Parameter]
    public string None { get; set; } = "Nothing was recorded.";

    private string? Copied => Body.Length > MostCopied ? null : Encoding.UTF8.GetString(Body.Span);

    protected override void OnParametersSet()
    {
        // Laying a body out costs some milliseconds a megabyte: once, not at every draw.
        if (_read is { } read && read.Equals(Body)) { return; }
        _read = Body;
        _pretty = PrettyJson.Of(Body);
        _numbers = [.. Enumerable.Range(0, _pretty.Lines.Length)];
    }
}
