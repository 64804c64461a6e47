using Bellwether.Exchange;
using Bellwether.Telemetry;

namespace Bellwether.Guardrails;

/// <summary>Guards on the way to the provider: judges the prompt by the project's policy, then lets it pass, changes, diverts or refuses it.</summary>
internal sealed class GuardStage(GuardPolicies policies, PromptJudge judge, PromptEdit edit, SystemTexts systems, PromptMeters meters, IAnswerGuards? answers = null) : IExchangeStage
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
        return new(Look(call, call.Body, policy) is { } refusal ? StageVerdict.Refuse(refusal) : StageVerdict.Continue);
    }

    public void Ended(ModelCall call, Observation observation)
    {
        // Nothing was reserved.
    }

    // Apart, so that only who comes here pays for what it captures.
    private void LookLater(ModelCall call, CompiledPolicy policy)
    {
        var read = call.Body;
        call.Later += () => Look(call, read, policy);
    }

    private Refusal? Look(ModelCall call, ReadOnlyMemory<byte> read, CompiledPolicy policy)
    {
        if (policy.ReadsPrompts && judge.Judge(read.Span, call.Dialect, policy) is { } judgement)
        {
            call.Findings = call.Findings.AddRange(judgement.Findings);
            foreach (var finding in judgement.Findings)
            {
                meters.Found(finding);
            }
            if (judgement.Refusal is { } refusal)
            {
                return refusal;
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
        return null;
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
