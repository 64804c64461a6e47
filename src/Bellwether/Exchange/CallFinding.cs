using System.Collections.Immutable;

namespace Bellwether.Exchange;

/// <summary>What a guard found in a call or its answer, and what was done. The recorder makes an annotation of each, which is the security event.</summary>
/// <param name="Guard"><c>injection</c>, <c>harm</c>, <c>leak</c>, <c>pii</c>, <c>pattern</c>.</param>
/// <param name="Action">What was done, one of <see cref="GuardActions"/>.</param>
/// <param name="Verdict">What the detector says: <c>flag</c>, <c>block</c> or <c>unknown</c>.</param>
/// <param name="Score">0 to 1; null where there is none.</param>
/// <param name="Place">Where: a path in the body and UTF-16 offsets, such as <c>messages[2].content 10-80</c>, or <c>answer</c>. Never a text.</param>
/// <param name="Channel"><c>user</c>, <c>document</c>, <c>system</c>, <c>answer</c>.</param>
/// <param name="Reason">Short sentences that quote nothing: the text may be a secret.</param>
/// <param name="Policy">Id of the policy that decided.</param>
public sealed record CallFinding(string Guard, string Action, string Verdict, double? Score, string Place, string Channel, string Reason, string Policy);

/// <summary>What was done about a finding, weakest first; the category of its annotation.</summary>
public static class GuardActions
{
    /// <summary>Recorded only.</summary>
    public static readonly string Observe = "observe";
    /// <summary>The caller was told in a header.</summary>
    public static readonly string Flag = "flag";
    /// <summary>Personal data was replaced by its kind.</summary>
    public static readonly string Mask = "mask";
    public static readonly string Hash = "hash";
    public static readonly string Tokenise = "tokenise";
    /// <summary>The call went to the stricter provider.</summary>
    public static readonly string Route = "route";
    /// <summary>The call was refused, or the answer not given or cut.</summary>
    public static readonly string Block = "block";

    public static readonly ImmutableArray<string> All = [Observe, Flag, Mask, Hash, Tokenise, Route, Block];
}
