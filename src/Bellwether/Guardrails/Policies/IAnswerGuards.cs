using Bellwether.Detection;
using Bellwether.Exchange;

namespace Bellwether.Guardrails;

/// <summary>Puts the guard of the way back on a call whose prompt was let through.</summary>
internal interface IAnswerGuards
{
    /// <param name="policy">The policy that the prompt was judged by; the answer is judged by the same.</param>
    /// <param name="system">The call's system prompt; empty when it has none, or when leaks are not looked for.</param>
    void Attach(ModelCall call, GuardPolicy policy, string system);
}

/// <summary>Gives out tokens that stand for personal data on its way to a provider. Never waits for a database.</summary>
internal interface ITokenVault
{
    /// <summary>The same value has the same token within a call. Only ASCII that JSON does not escape. Null: none can be given, so that the value is masked.</summary>
    string? TokenFor(ModelCall call, PersonalDataType type, ReadOnlySpan<char> value);
}
