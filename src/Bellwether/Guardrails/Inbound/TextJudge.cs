using System.Text.RegularExpressions;
using Bellwether.Detection;

namespace Bellwether.Guardrails;

/// <summary>Lets detectors look at one text of a prompt, unless the same was looked at before.</summary>
internal sealed class TextJudge(GuardrailChecks checks, VerdictCache cache, CleanValues clean, PromptMeters meters)
{
    private const int ShortestDocument = 40;
    private static readonly string[] s_documentTags = ["context", "documents", "document", "sources", "search_results"];

    [ThreadStatic]
    private static BodyText? s_text;

    [ThreadStatic]
    private static FindingBuffer? s_found;

    /// <param name="wanted">Which detectors the policy needs for this text.</param>
    /// <param name="patterns">What the policy's patterns found; null when it has none.</param>
    public TextVerdict Judge(ReadOnlySpan<byte> body, ReadOnlySpan<PromptPart> parts, in PromptUnit unit, PromptDetectors wanted, CompiledPolicy policy, out PatternMemo? patterns)
    {
        var key = cache.KeyOf(body, parts, unit.Origin);
        var known = cache.Find(key);
        // Read once: another call's policy may put its own in the place.
        patterns = known?.Patterns is { } memo && memo.Policy == policy ? memo : null;
        if (known is not null && (known.Ran & wanted) == wanted && (policy.Patterns.IsEmpty || patterns is not null))
        {
            meters.Known();
            return known;
        }
        var text = Decode(body, parts, unit.Bytes);
        if (known is null || (known.Ran & wanted) != wanted)
        {
            known = Look(text, unit.Origin, key, wanted | (known?.Ran ?? 0));
            if ((known.Ran & PromptDetectors.PersonalData) != 0 && known.Types == 0 && !known.PersonalDataFailed)
            {
                clean.AddAll(body, parts);
            }
            // What failed may not fail again.
            if (known.Injection.Verdict != DetectorVerdict.Unknown && known.Harm.Verdict != DetectorVerdict.Unknown && known.Embedded.Verdict != DetectorVerdict.Unknown && !known.PersonalDataFailed)
            {
                cache.Keep(known);
            }
            meters.Judged(unit.Bytes);
        }
        if (!policy.Patterns.IsEmpty && patterns is null)
        {
            known.Patterns = patterns = Match(text.Text, policy);
        }
        return known;
    }

    /// <summary>The text of a unit, parts divided by walls.</summary>
    public static BodyText Decode(ReadOnlySpan<byte> body, ReadOnlySpan<PromptPart> parts, int bytes)
    {
        var text = s_text ??= new BodyText();
        text.Begin(bytes + parts.Length);
        foreach (ref readonly var part in parts)
        {
            text.AddPart(body, part.Start, part.End, part.Kind, part.Escaped);
        }
        return text;
    }

    private TextVerdict Look(BodyText text, PromptOrigin origin, UInt128 key, PromptDetectors wanted)
    {
        var (types, counts, failed) = (wanted & PromptDetectors.PersonalData) == 0 ? (0u, null, false) : PersonalData(text.Text);
        text.ToLines();
        var channel = origin.Channel();
        var (injection, embedded, harm) = (DetectorReport.Clean, DetectorReport.Clean, DetectorReport.Clean);
        if ((wanted & PromptDetectors.Injection) != 0)
        {
            injection = checks.CheckWith("injection", new DetectorInput(text.Text, channel));
            embedded = origin == PromptOrigin.User ? Embedded(text.Text) : embedded;
        }
        if ((wanted & PromptDetectors.Harm) != 0)
        {
            harm = checks.CheckWith("harm", new DetectorInput(text.Text, channel));
        }
        return new TextVerdict(key, wanted) { Types = types, Counts = counts, PersonalDataFailed = failed, Injection = injection, Embedded = embedded, Harm = harm };
    }

    private (uint Types, ushort[]? Counts, bool Failed) PersonalData(ReadOnlySpan<char> text)
    {
        var found = s_found ??= new FindingBuffer();
        var failed = !checks.TryFind(text, found);
        if (found.Count == 0)
        {
            return (0, null, failed);
        }
        var (types, counts) = (0u, new ushort[PersonalDataTypes.Count]);
        foreach (var finding in found.Items)
        {
            types |= 1u << (int)finding.Type;
            ref var count = ref counts[(int)finding.Type];
            count = (ushort)Math.Min(ushort.MaxValue, count + 1);
        }
        return (types, counts, failed);
    }

    // "<context>…</context>" in what a person seems to say: an application put a document there, and orders in it are suspicious.
    internal DetectorReport Embedded(ReadOnlySpan<char> text)
    {
        for (var open = text.IndexOf('<'); open >= 0 && open < text.Length - 1;)
        {
            foreach (var tag in s_documentTags)
            {
                if (text[(open + 1)..].StartsWith(tag, StringComparison.OrdinalIgnoreCase) && At(text, open + 1 + tag.Length) is '>' or ' ')
                {
                    return EmbeddedFrom(text, open, tag);
                }
            }
            var next = text[(open + 1)..].IndexOf('<');
            open = next < 0 ? -1 : open + 1 + next;
        }
        return DetectorReport.Clean;

        static char At(ReadOnlySpan<char> text, int at) => at < text.Length ? text[at] : '\0';
    }

    private DetectorReport EmbeddedFrom(ReadOnlySpan<char> text, int open, string tag)
    {
        var start = text[open..].IndexOf('>') is var gt and >= 0 ? open + gt + 1 : text.Length;
        var close = text.LastIndexOf($"</{tag}>", StringComparison.OrdinalIgnoreCase);
        var document = text[start..(close > start ? close : text.Length)];
        if (document.Length < ShortestDocument)
        {
            return DetectorReport.Clean;
        }
        var report = checks.CheckWith("injection", new DetectorInput(document, TextChannel.Document));
        return report.Spans.IsEmpty ? report : report with { Spans = [.. report.Spans.Select(span => new TextSpan(span.Start + start, span.End + start))] };
    }

    private static PatternMemo Match(ReadOnlySpan<char> text, CompiledPolicy policy)
    {
        var (matches, failed) = (0u, false);
        for (var i = 0; i < policy.Patterns.Length; i++)
        {
            try
            {
                matches |= policy.Patterns[i].IsMatch(text) ? 1u << i : 0;
            }
            catch (RegexMatchTimeoutException)
            {
                failed = true;
            }
        }
        return new PatternMemo(policy, matches, failed);
    }
}
