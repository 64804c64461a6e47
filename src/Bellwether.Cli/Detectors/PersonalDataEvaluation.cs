using System.Diagnostics;
using System.Text.Json;
using Bellwether.Detection;

namespace Bellwether.Cli.Detectors;

/// <summary>
/// How well personal data is found in <c>pii/train.jsonl</c> by source and in <c>pii/dev.jsonl</c>. A labelled place counts as found
/// when a finding of its kind shares at least half of the characters that the two cover together. Offsets of the data are code points.
/// </summary>
internal static class PersonalDataEvaluation
{
    private static readonly string[] s_core = ["PERSON", "EMAIL", "PHONE", "SSN", "CREDIT_CARD", "IP", "IBAN", "MAC", "ADDRESS", "DOB", "NATIONAL_ID", "BANK_ACCOUNT"];
    private static readonly string[] s_structured = [.. s_core.Except(["PERSON", "ADDRESS"])];
    private static readonly string[] s_five = ["EMAIL", "PHONE", "SSN", "CREDIT_CARD", "IP"];

    private sealed record Span(string Type, int Start, int End);

    private sealed class Tally
    {
        public Dictionary<string, (int Hit, int Found, int Labelled)> Types { get; } = [];
        public int Documents, Clean, CleanHit, Characters, Others, Redacted;
        public List<string> Texts { get; } = [];

        // A second walk over everything: the first one ran code that the runtime had not compiled for good.
        public double MicrosecondsPerKilobyte()
        {
            var buffer = new FindingBuffer();
            var clock = Stopwatch.GetTimestamp();
            foreach (var text in Texts)
            {
                PersonalDataScanner.Scan(text, buffer);
            }
            return Stopwatch.GetElapsedTime(clock).TotalMicroseconds / Characters * 1_024;
        }
    }

    public static IEnumerable<EvaluationRow> Run(string dataFolder)
    {
        foreach (var part in (string[])["dev", "train"])
        {
            var file = Path.Combine(dataFolder, "pii", part + ".jsonl");
            var bySource = new Dictionary<string, Tally> { ["all"] = new(), ["all but audit logs"] = new() };
            foreach (var line in File.ReadAllText(file).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                using var row = JsonDocument.Parse(line);
                var source = row.RootElement.GetProperty("source").GetString()!;
                if (!bySource.TryGetValue(source, out var tally))
                {
                    bySource[source] = tally = new();
                }
                // The logs of pii-anon leave 829 telephones and 831 MAC addresses of the training part unlabelled.
                var isLog = row.RootElement.GetProperty("category").ValueEquals("audit_log");
                Measure(row.RootElement, isLog ? [bySource["all"], tally] : [bySource["all"], bySource["all but audit logs"], tally]);
            }
            foreach (var (source, tally) in bySource)
            {
                yield return Row($"personal data, {part}", source, tally);
            }
            foreach (var type in bySource["all but audit logs"].Types.Where(type => s_core.Contains(type.Key)).OrderBy(type => Array.IndexOf(s_core, type.Key)))
            {
                var (hit, found, labelled) = type.Value;
                yield return new EvaluationRow($"personal data by type, {part}, all but audit logs", type.Key, labelled)
                {
                    Measures = [new("precision", (double)hit / found), new("recall", (double)hit / labelled), new("F1", F1(hit, found, labelled))],
                };
            }
        }
    }

    private static EvaluationRow Row(string task, string source, Tally tally) => new(task, source, tally.Documents)
    {
        Measures =
        [
            new("core F1", F1(tally, s_core)) { Goal = ">= 0.91" }, new("structured F1", F1(tally, s_structured)) { Goal = ">= 0.96" }, new("five-type F1", F1(tally, s_five)) { Goal = ">= 0.975" },
            new("other characters redacted", (double)tally.Redacted / tally.Others) { Goal = "<= 0.015" }, new("clean documents with a structured hit", (double)tally.CleanHit / tally.Clean) { Goal = "<= 0.01" },
            new("µs per KB", tally.MicrosecondsPerKilobyte()),
        ],
    };

    private static void Measure(JsonElement row, Tally[] tallies)
    {
        var text = row.GetProperty("text").GetString()!;
        var labelled = Labels(row.GetProperty("label"), text);
        var buffer = new FindingBuffer();
        PersonalDataScanner.Scan(text, buffer);
        var found = new List<Span>();
        foreach (var finding in buffer.Items)
        {
            found.Add(new Span(Family(finding.Type.Name()), finding.Start, finding.End));
        }
        var inLabel = new bool[text.Length];
        foreach (var label in labelled)
        {
            inLabel.AsSpan(label.Start, label.End - label.Start).Fill(true);
        }
        var redacted = found.Sum(finding => Enumerable.Range(finding.Start, finding.End - finding.Start).Count(at => !inLabel[at]));
        var isClean = row.GetProperty("category").GetString()!.StartsWith("clean", StringComparison.Ordinal);
        foreach (var tally in tallies)
        {
            tally.Documents++;
            tally.Texts.Add(text);
            tally.Characters += text.Length;
            tally.Others += inLabel.Count(covered => !covered);
            tally.Redacted += redacted;
            tally.Clean += isClean ? 1 : 0;
            tally.CleanHit += isClean && found.Exists(finding => finding.Type is not ("PERSON" or "ADDRESS")) ? 1 : 0;
            Count(tally, labelled, found);
        }
    }

    private static void Count(Tally tally, List<Span> labelled, List<Span> found)
    {
        var used = new HashSet<Span>();
        foreach (var label in labelled)
        {
            var hit = found.Find(finding => finding.Type == label.Type && !used.Contains(finding) && Share(finding, label) >= 0.5);
            if (hit is not null) { used.Add(hit); }
            Add(label.Type, hit is null ? 0 : 1, 0, 1);
        }
        foreach (var finding in found)
        {
            // One that lies in a label of another kind is wrong in its kind only, and still wrong.
            Add(finding.Type, 0, 1, 0);
        }

        void Add(string type, int hit, int count, int label)
        {
            var (hits, counts, labels) = tally.Types.GetValueOrDefault(type);
            tally.Types[type] = (hits + hit, counts + count, labels + label);
        }
    }

    // The data has one name for every number that a person has at an office or a hospital.
    private static string Family(string type) => type switch
    {
        "HEALTH_ID" or "MEDICAL_ID" or "MRN" or "PASSPORT" or "DRIVER_LICENSE" or "TAX_ID" or "INSURANCE_POLICY_NUMBER" or "PROFESSIONAL_ID" or "PERSONAL_ID" or "EMPLOYEE_ID" or "RECORD_ID" => "NATIONAL_ID",
        _ => type,
    };

    private static double Share(Span a, Span b)
    {
        var both = Math.Min(a.End, b.End) - Math.Max(a.Start, b.Start);
        return both <= 0 ? 0 : (double)both / (Math.Max(a.End, b.End) - Math.Min(a.Start, b.Start));
    }

    private static double F1(Tally tally, string[] types)
    {
        var sums = types.Select(type => tally.Types.GetValueOrDefault(type)).ToList();
        return F1(sums.Sum(sum => sum.Hit), sums.Sum(sum => sum.Found), sums.Sum(sum => sum.Labelled));
    }

    private static double F1(int hit, int found, int labelled) => 2.0 * hit / (found + labelled);

    private static List<Span> Labels(JsonElement labels, string text)
    {
        var places = new List<int>();
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsLowSurrogate(text[i]) || i == 0 || !char.IsHighSurrogate(text[i - 1])) { places.Add(i); }
        }
        places.Add(text.Length);
        return [.. labels.EnumerateArray().Select(label => new Span(Family(label.GetProperty("type").GetString()!), places[label.GetProperty("start").GetInt32()], places[label.GetProperty("end").GetInt32()]))];
    }
}
