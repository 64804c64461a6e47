using Bellwether.Detection;
using Bellwether.Exchange;

namespace Bellwether.Guardrails;

/// <summary>Makes the guard of a call's answer, where its policy asks for one.</summary>
internal sealed class AnswerGuards(LeakDetector leaks, PersonalDataHash hash, CleanValues clean, AnswerMeters meters) : IAnswerGuards
{
    public void Attach(ModelCall call, GuardPolicy policy, string system)
    {
        var looks = (policy.Leak.Mode != GuardMode.Off && (system.Length > 0 || !policy.Canaries.IsEmpty))
            || !policy.PersonalData.Answer.KeepsAll || policy.PersonalData.Observe;
        if (looks || call.AnswerGuard is not null)
        {
            For(call).Follow(policy, system);
        }
    }

    /// <summary>The guard of the call, made when it has none.</summary>
    public AnswerGuard For(ModelCall call)
    {
        if (call.AnswerGuard is not AnswerGuard guard)
        {
            call.AnswerGuard = guard = new AnswerGuard(call, leaks, hash, clean, meters);
        }
        return guard;
    }
}
