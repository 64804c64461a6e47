using System.Collections.Immutable;
using System.Text;
using Bellwether.Telemetry;

namespace Bellwether.Exchange;

/// <summary>
/// What guards found, as it is kept: an annotation of the call (source <see cref="Annotation.Guard"/>, name = guard, category = what
/// was done, author = the user), and a property <c>guard-injection</c> of the call itself, by which <see cref="TelemetryQuery"/> counts,
/// filters and groups.
/// </summary>
public static class SecurityFindings
{
    /// <summary>Followed by the guard's name.</summary>
    public static readonly string PropertyPrefix = "guard-";

    private const string Verdict = "Verdict: ", Place = "Place: ", Channel = "Channel: ", Policy = "Policy: ";

    /// <param name="index">Among the call's findings; makes ids differ.</param>
    public static Annotation Annotate(CallFinding finding, int index, Observation observation) => new()
    {
        Id = ObservationIds.Of("guard", observation.StartTime, observation.Project.Value, observation.Id.ToString(), finding.Guard, index.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        Project = observation.Project, Time = observation.StartTime, ObservationId = observation.Id, TraceId = observation.TraceId,
        Name = finding.Guard, Source = Annotation.Guard, Number = finding.Score, Category = finding.Action, Author = observation.User,
        Text = Write(finding),
    };

    /// <summary>The finding of an annotation; what its text does not say is empty.</summary>
    public static CallFinding Read(Annotation annotation)
    {
        var (verdict, place, channel, policy) = ("", "", "", "");
        var reason = new StringBuilder();
        foreach (var line in annotation.Text.Split('\n'))
        {
            if (Is(line, Verdict, ref verdict) || Is(line, Place, ref place) || Is(line, Channel, ref channel) || Is(line, Policy, ref policy))
            {
                continue;
            }
            reason.Append(reason.Length > 0 ? "\n" : "").Append(line);
        }
        return new CallFinding(annotation.Name, annotation.Category, verdict, annotation.Number, place, channel, reason.ToString(), policy);
    }

    /// <summary>The call's properties with one for each guard: the strongest of what it did.</summary>
    public static ImmutableArray<KeyValuePair<string, string>> AddProperties(ImmutableArray<KeyValuePair<string, string>> properties, ImmutableArray<CallFinding> findings)
    {
        foreach (var guard in findings.Select(finding => finding.Guard).Distinct())
        {
            // A caller's property of that name would make the guard's count wrong.
            var name = PropertyPrefix + guard;
            properties = properties.RemoveAll(property => property.Key == name).Add(new(name, Strongest(findings, guard)));
        }
        return properties;
    }

    /// <summary>What the caller is told: <c>injection=flag, pii=mask</c>. Empty when everything was only observed.</summary>
    public static string Header(ImmutableArray<CallFinding> findings) => string.Join(", ",
        findings.Where(finding => finding.Action != GuardActions.Observe).Select(finding => finding.Guard).Distinct().Select(guard => $"{guard}={Strongest(findings, guard)}"));

    private static string Strongest(ImmutableArray<CallFinding> findings, string guard) =>
        findings.Where(finding => finding.Guard == guard).MaxBy(finding => GuardActions.All.IndexOf(finding.Action))!.Action;

    private static string Write(CallFinding finding)
    {
        var text = new StringBuilder(finding.Reason.ReplaceLineEndings(" "));
        foreach (var (name, value) in new[] { (Verdict, finding.Verdict), (Place, finding.Place), (Channel, finding.Channel), (Policy, finding.Policy) })
        {
            if (value.Length > 0)
            {
                text.Append('\n').Append(name).Append(value);
            }
        }
        return text.ToString();
    }

    private static bool Is(string line, string name, ref string value)
    {
        if (!line.StartsWith(name, StringComparison.Ordinal))
        {
            return false;
        }
        value = line[name.Length..];
        return true;
    }
}
