using Microsoft.JSInterop;

namespace Bellwether.Dashboard;

/// <summary>Finding steps of a long trace, by words and by failure.</summary>
public sealed partial class TracePage
{
    /// <summary>Fewer are seen at a glance.</summary>
    private static readonly int FindFrom = 10;

    private string _find = "";
    private List<TraceNode> _found = [];
    private int? _toShow;

    private bool HasFind => _tree?.Nodes.Length >= FindFrom;

    private string Found => _find.Trim().Length == 0 ? "" : _found.Count == 0 ? "none"
        : _selected is { } chosen && _found.FindIndex(node => node.Index == chosen.Index) is >= 0 and var at ? $"{Format.Count(at + 1)} of {Format.Count(_found.Count)}" : Plural(_found.Count, "step");

    private void Search() => _found = _tree is null || _find.Trim() is not { Length: > 0 } words ? [] : [.. _tree.Nodes.Where(node => Fits(node, words))];

    private void ToFound(int direction) => Jump(_found, direction);

    private void ToFailed() => Jump([.. _tree!.Nodes.Where(node => node.Step.IsError)], 1);

    private static bool Fits(TraceNode node, string words)
    {
        var step = node.Step;
        return new[] { StepKind.Label(step), step.Name, step.Model, step.ErrorType, step.ErrorMessage, StepKind.Name(step.Kind), StateWords.Of(step.State, step.IsCall) }
            .Any(text => text.Contains(words, StringComparison.OrdinalIgnoreCase));
    }

    // Only after the rows are drawn: what was folded has no place to scroll to before.
    private async Task ShowFoundAsync()
    {
        if (_toShow is not { } row || _script is null) { return; }
        _toShow = null;
        try
        {
            await _script.InvokeVoidAsync("show", row);
        }
        catch (JSDisconnectedException)
        {
            // The browser left between render and script.
        }
    }

    // The next one in reading order, and behind the last the first again.
    private void Jump(List<TraceNode> among, int direction)
    {
        if (_tree is null || among.Count == 0) { return; }
        var at = _selected?.Index ?? -1;
        var next = direction > 0 ? among.FirstOrDefault(node => node.Index > at) ?? among[0] : among.LastOrDefault(node => node.Index < at) ?? among[^1];
        var state = _state with { Step = next.Step.Id };
        for (var above = next.Parent; above >= 0; above = _tree.Nodes[above].Parent)
        {
            if (state.IsFolded(_tree.Nodes[above])) { state = state.Toggle(_tree.Nodes[above]); }
        }
        Go(state);
        _toShow = _rowOf[next.Index] - 1;
    }
}
