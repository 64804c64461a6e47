using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Components;

namespace Bellwether.Dashboard;

/// <summary>The shape of a series in a few pixels: inline SVG, no script. A null value is a gap. Decorative: the tile says the numbers.</summary>
public sealed partial class Sparkline
{
    [Parameter, EditorRequired]
    public IReadOnlyList<double?> Values { get; set; } = [];

    [Parameter]
    public IReadOnlyList<double?>? Previous { get; set; }

    [Parameter]
    public string Tone { get; set; } = "1";

    [Parameter]
    public int Width { get; set; } = 96;

    [Parameter]
    public int Height { get; set; } = 28;

    private (string Line, string Area) Path { get; set; }

    private string PreviousPath { get; set; } = "";

    protected override void OnParametersSet()
    {
        var (values, previous) = (Thin(Values), Previous is null ? null : Thin(Previous));
        var most = values.Concat(previous ?? []).Max() ?? 0;
        Path = Draw(values, most, Width, Height);
        PreviousPath = previous is null ? "" : Draw(previous, most, Width, Height).Line;
    }

    /// <summary>Means of neighbours, so that some forty points are left: more is noise at this size.</summary>
    internal static IReadOnlyList<double?> Thin(IReadOnlyList<double?> values)
    {
        var per = (values.Count + 39) / 40;
        return per <= 1 ? values : [.. values.Chunk(per).Select(chunk => chunk.Average())];
    }

    /// <summary>Lines from zero to <paramref name="most"/>; a point alone between two gaps is drawn as a short dash.</summary>
    internal static (string Line, string Area) Draw(IReadOnlyList<double?> values, double most, int width, int height)
    {
        var line = new StringBuilder();
        var area = new StringBuilder();
        var step = values.Count > 1 ? (double)width / (values.Count - 1) : width;
        var start = -1;
        for (var i = 0; i <= values.Count; i++)
        {
            var present = i < values.Count && values[i] is { } value && double.IsFinite(value);
            if (present)
            {
                if (start < 0) { start = i; }
                continue;
            }
            if (start < 0) { continue; }
            var end = i - 1;
            for (var j = start; j <= end; j++)
            {
                var (x, y) = (j * step, Y(values[j]!.Value));
                Append(line, j == start ? 'M' : 'L', x, y);
                Append(area, j == start ? 'M' : 'L', x, y);
            }
            if (start == end) { line.Append("h1.5"); }
            Append(area, 'L', end * step, height);
            Append(area, 'L', start * step, height);
            area.Append('Z');
            start = -1;
        }
        return (line.ToString(), area.ToString());

        double Y(double value) => height - 1.5 - (most > 0 ? Math.Max(0, value) / most * (height - 4) : 0);
        static void Append(StringBuilder text, char command, double x, double y) =>
            text.Append(CultureInfo.InvariantCulture, $"{command}{x:0.#},{y:0.#}");
    }
}
