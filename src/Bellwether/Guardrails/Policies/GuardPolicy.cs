using System.Collections.Immutable;
using Bellwether.Primitives;

namespace Bellwether.Guardrails;

/// <summary>
/// What guards do with the calls of a project. Of the policies that apply to a call the first by <see cref="Order"/> wins whole;
/// they are not merged, so that a person can see from one policy what happens. A project without any has <see cref="Default"/>.
/// </summary>
public sealed record GuardPolicy
{
    /// <summary>What <see cref="Default"/> is called where a finding names its policy.</summary>
    public static readonly string DefaultId = "default";

    public required string Id { get; init; }
    public required ProjectId Project { get; init; }
    public required string Name { get; init; }
    public bool Enabled { get; init; } = true;
    /// <summary>Ascending; of equal ones the older goes first.</summary>
    public int Order { get; init; }
    public GuardScope AppliesTo { get; init; } = GuardScope.Everything;
    public GuardRule Injection { get; init; } = GuardRule.Observe;
    public GuardRule Harm { get; init; } = GuardRule.Observe;
    public GuardRule Leak { get; init; } = GuardRule.Observe;
    /// <summary>Texts that no honest answer holds, besides the <c>bwc-…</c> tokens, which are known by their form. Compared as they stand, 8 to 200 characters.</summary>
    public ImmutableArray<string> Canaries { get; init; } = [];
    public PersonalDataRule PersonalData { get; init; } = PersonalDataRule.Observed;
    public ImmutableArray<GuardPattern> Patterns { get; init; } = [];
    /// <summary>What becomes of a call of which a part could not be checked: a detector failed, or there was more text or it took longer than allowed.</summary>
    public UnknownVerdict Unknown { get; init; } = UnknownVerdict.Pass;

    /// <summary>Every detector looks, findings are recorded, and nothing is changed or held up.</summary>
    public static GuardPolicy Default(ProjectId project) => new() { Id = DefaultId, Project = project, Name = "Default" };
}

/// <summary>Which calls; an empty list is no condition, and all three must hold.</summary>
/// <param name="Endpoints">Names of endpoints as observations have them.</param>
/// <param name="Models">As the caller names them, exact or with a <c>*</c> at the end.</param>
/// <param name="Keys">Ids of keys (<c>key_…</c>).</param>
public sealed record GuardScope(ImmutableArray<string> Endpoints, ImmutableArray<string> Models, ImmutableArray<string> Keys)
{
    public static readonly GuardScope Everything = new([], [], []);
}

/// <summary>What one detector's findings lead to. Each mode but <see cref="Off"/> also records them.</summary>
public enum GuardMode
{
    /// <summary>The detector does not run.</summary>
    Off,
    /// <summary>Findings are recorded; the caller sees nothing of it.</summary>
    Observe,
    /// <summary>The caller is told, in a header.</summary>
    Flag,
    /// <summary>From the block threshold on the call is refused, or the answer cut; from the flag threshold on it is flagged.</summary>
    Block,
    /// <summary>From the flag threshold on the call goes to the provider, and the model, that <see cref="GuardRule.Route"/> names. Not for answers.</summary>
    Route,
}

public sealed record GuardRule(GuardMode Mode)
{
    public static readonly GuardRule Off = new(GuardMode.Off);
    public static readonly GuardRule Observe = new(GuardMode.Observe);

    /// <summary>By channel; what is null is the detector's own.</summary>
    public ChannelThresholds User { get; init; }
    public ChannelThresholds Document { get; init; }
    public ChannelThresholds System { get; init; }
    public ChannelThresholds Answer { get; init; }
    /// <summary>Set with <see cref="GuardMode.Route"/>, and only then.</summary>
    public GuardRoute? Route { get; init; }
    /// <summary>For harm only: whom to ask about what the local detector is not sure of; null for nobody.</summary>
    public SecondOpinion? SecondOpinion { get; init; }
}

/// <summary>A moderation endpoint that is asked about texts whose local score lies in a band, ends included.</summary>
/// <param name="Provider">Name of a configured provider that has <c>/v1/moderations</c>.</param>
/// <param name="Model">Null for OpenAI's newest.</param>
public sealed record SecondOpinion(string Provider, string? Model, double From, double To);

/// <summary>Scores from 0 to 1 from which a text is flagged or blocked; null: the detector's own threshold.</summary>
public readonly record struct ChannelThresholds(double? Flag, double? Block);

/// <summary>Where suspicious calls go instead.</summary>
/// <param name="Provider">Name of a configured provider of the same dialect.</param>
/// <param name="Model">Null keeps the caller's model. Only where the body names the model, which it does not for Azure and Gemini.</param>
public sealed record GuardRoute(string Provider, string? Model);

public enum UnknownVerdict { Pass, Block }

/// <summary>A text of the operator's own that is looked for in prompts, as a regular expression without look-around and back-references.</summary>
/// <param name="Name">1 to 60 characters; shown in events, and never the text that matched.</param>
/// <param name="Mode">Observe, flag or block.</param>
public sealed record GuardPattern(string Name, string Pattern, GuardMode Mode);
