using System.Text;

namespace Bellwether.Cli.Detectors;

/// <summary>Writes sentences from templates: <c>{name}</c> is replaced by one of the list of that name, and <c>(a|b|)</c> by one of the choices.</summary>
internal sealed class Grammar(Random random, IReadOnlyDictionary<string, string[]> lists)
{
    private const int Deepest = 6;

    public string Write(string template) => Expand(template, 0);

    public string Pick(string[] choices) => choices[random.Next(choices.Length)];

    public bool Chance(double share) => random.NextDouble() < share;

    private string Expand(string template, int depth)
    {
        var written = new StringBuilder();
        for (var index = 0; index < template.Length; index++)
        {
            var end = template[index] switch
            {
                '{' => template.IndexOf('}', index),
                '(' => template.IndexOf(')', index),
                _ => -1,
            };
            var inner = end < 0 ? "" : template[(index + 1)..end];
            if (end > 0 && template[index] == '{' && depth < Deepest && lists.TryGetValue(inner, out var choices))
            {
                written.Append(Expand(Pick(choices), depth + 1));
                index = end;
            }
            else if (end > 0 && template[index] == '(' && inner.Contains('|', StringComparison.Ordinal))
            {
                written.Append(Expand(Pick(inner.Split('|')), depth + 1));
                index = end;
            }
            else
            {
                written.Append(template[index]);
            }
        }
        return written.ToString();
    }
}
