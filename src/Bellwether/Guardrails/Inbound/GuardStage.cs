using Bellwether.Exchange;
using Bellwether.Telemetry;

namespace Bellwether.Guardrails;

/// <summary>Guards on the way to the provider: judges the prompt by the project's policy, then lets it pass, changes, diverts or refuses it.</summary>
internal sealed class GuardStage(GuardPolicies policies, PromptJudge judge, PromptEdit edit, SystemTexts systems, PromptMeters meters, SecondOpinions? opinions = null, IAnswerGuards? answers = null) : IExchangeStage
{
    public string Name => "guardrails";

    public ValueTask<StageVerdict> BeforeAsync(ModelCall call, CancellationToken cancellationToken)
    {
        var policy = policies.CompiledFor(call);
        if (call.IsOwn)
        {
            policy = policy.ForOwnCalls;
        }
        if (policy.OnlyWatches && !Holds(policy))
        {
            LookLater(call, policy);
            return new(StageVerdict.Continue);
        }
        var judgement = Judge(call, call.Body, policy, out var doubt);
        return doubt is null || opinions is null ? new(Act(call, call.Body, policy, judgement)) : AskAsync(call, policy, doubt, opinions, cancellationToken);
    }

    public ValueTask<StageVerdict> AgainAsync(ModelCall call, CancellationToken cancellationToken) => BeforeAsync(call, cancellationToken);

    public void Ended(ModelCall call, Observation observation)
    {
        // Nothing was reserved.
    }

    // Apart, so that only who comes here pays for what it captures.
    private void LookLater(ModelCall call, CompiledPolicy policy)
    {
        var read = call.Body;
        call.Later += () => Act(call, read, policy, Judge(call, read, policy, out _));
    }

    // The only wait of this stage, for calls about which a policy wants another opinion. Each text is asked about once, for as long as its verdict is remembered.
    private async ValueTask<StageVerdict> AskAsync(ModelCall call, CompiledPolicy policy, HarmDoubt doubt, SecondOpinions second, CancellationToken cancellationToken)
    {
        var from = policy.Policy.Harm.SecondOpinion!;
        if (await second.AskAsync(policy.Policy.Project, from, PromptJudge.TextOf(call.Body.Span, doubt.Unit), doubt.Verdict.Harm, cancellationToken) is { } report)
        {
            doubt.Verdict.Opinion = new OpinionMemo(from, report);
        }
        return Act(call, call.Body, policy, Judge(call, call.Body, policy, out _));
    }

    private PromptJudgement? Judge(ModelCall call, ReadOnlyMemory<byte> read, CompiledPolicy policy, out HarmDoubt? doubt)
    {
        doubt = null;
        return policy.ReadsPrompts ? judge.Judge(read.Span, call.Dialect, policy, out doubt) : null;
    }

    private StageVerdict Act(ModelCall call, ReadOnlyMemory<byte> read, CompiledPolicy policy, PromptJudgement? judged)
    {
        if (judged is { } judgement)
        {
            foreach (var finding in judgement.Findings)
            {
                // Of another body of the same call, what was found before is found again.
                if (!call.Findings.Contains(finding))
                {
                    call.Findings = call.Findings.Add(finding);
                    meters.Found(finding);
                }
            }
            if (judgement.Refusal is { } refusal)
            {
                return StageVerdict.Refuse(refusal);
            }
            if (judgement.Change != 0)
            {
                call.Body = edit.Change(call, PromptJudge.Reader, policy.Policy.PersonalData.Upstream);
            }
            if (judgement.Route is { } route)
            {
                Divert(call, route);
            }
        }
        if (answers is not null && Answers(call.Dialect))
        {
            answers.Attach(call, policy.Policy, policy.Policy.Leak.Mode == GuardMode.Off ? "" : System(call, read, policy));
        }
        return StageVerdict.Continue;
    }

    // Whether its answers wait for the guard, which then has to be there before them.
    private static bool Holds(CompiledPolicy policy) => policy.Policy.Leak.Mode == GuardMode.Block || !policy.Policy.PersonalData.Answer.KeepsAll;

    private string System(ModelCall call, ReadOnlyMemory<byte> read, CompiledPolicy policy)
    {
        var reader = PromptJudge.Reader;
        if (!policy.ReadsPrompts || !call.Body.Equals(read))
        {
            // The prompt as the model gets it.
            reader.Read(call.Body.Span, call.Dialect, call.Body.Length * 2);
        }
        return systems.Of(call.Body.Span, reader);
    }

    private static void Divert(ModelCall call, GuardRoute route)
    {
        call.ProviderName = route.Provider;
        // Where the path names the model, the provider's own configuration has to.
        if (route.Model is { } model && call.Facts.Model.Length > 0 && call.Surface != "azure")
        {
            call.Body = ModelChange.Apply(call.Body, model);
            call.Model = model;
        }
    }

    private static bool Answers(Dialect dialect) => dialect is Dialect.OpenAiChat or Dialect.OpenAiCompletions or Dialect.OpenAiResponses or Dialect.AnthropicMessages or Dialect.GeminiGenerate;
}
