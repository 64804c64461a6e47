using Bellwether.Detection;

namespace Bellwether.Guardrails;

/// <summary>What the detectors said of one text. Holds nothing of it but places. Immutable, except for the memo of the last policy's patterns.</summary>
internal sealed class TextVerdict(UInt128 key, PromptDetectors ran)
{
    public UInt128 Key { get; } = key;
    public PromptDetectors Ran { get; } = ran;
    public DetectorReport Injection { get; init; } = DetectorReport.Clean;
    /// <summary>Of what a prompt marks as a document within it; its spans are offsets into the whole text.</summary>
    public DetectorReport Embedded { get; init; } = DetectorReport.Clean;
    public DetectorReport Harm { get; init; } = DetectorReport.Clean;
    /// <summary>The kinds of personal data in it, one bit each.</summary>
    public uint Types { get; init; }
    /// <summary>How many of each kind; null without any.</summary>
    public ushort[]? Counts { get; init; }
    /// <summary>Looking for personal data failed or took too long.</summary>
    public bool PersonalDataFailed { get; init; }
    /// <summary>What the patterns of one policy found; another policy's question replaces it.</summary>
    public PatternMemo? Patterns { get; set; }
    /// <summary>What somebody else says of its harm, for policies that ask the same endpoint.</summary>
    public OpinionMemo? Opinion { get; set; }
    /// <summary>Asked for since the cache last looked for a place.</summary>
    public bool Wanted { get; set; }
}

/// <param name="From">Who was asked.</param>
/// <param name="Report">Both opinions together.</param>
internal sealed record OpinionMemo(SecondOpinion From, DetectorReport Report);

/// <param name="Policy">Whose patterns.</param>
/// <param name="Matches">One bit for each pattern.</param>
/// <param name="Failed">A pattern took too long.</param>
internal sealed record PatternMemo(CompiledPolicy Policy, uint Matches, bool Failed);
