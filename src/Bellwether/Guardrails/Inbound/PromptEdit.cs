using Bellwether.Detection;
using Bellwether.Exchange;

namespace Bellwether.Guardrails;

/// <summary>Takes personal data out of a prompt before it goes to the provider. Only the bytes of what is found change.</summary>
internal sealed class PromptEdit(PersonalDataHash hash, PromptMeters meters, ITokenVault? vault = null)
{
    [ThreadStatic]
    private static BodyText? s_text;

    [ThreadStatic]
    private static FindingBuffer? s_found;

    /// <param name="reader">What <see cref="PromptJudge"/> read of the call's body.</param>
    /// <returns>The body itself when nothing of it had to change.</returns>
    public ReadOnlyMemory<byte> Change(ModelCall call, PromptReader reader, PersonalDataTable upstream)
    {
        var body = call.Body;
        var text = s_text ??= new BodyText();
        text.Begin(body.Length);
        foreach (ref readonly var unit in reader.Units)
        {
            foreach (ref readonly var part in reader.PartsOf(unit))
            {
                text.AddPart(body.Span, part.Start, part.End, part.Kind, part.Escaped);
            }
        }
        var found = s_found ??= new FindingBuffer();
        PersonalDataScanner.Scan(text.Text, found);
        return BodyEdit.Replace(body, text, found.Items, new Replacement(this, call, upstream), meters: null);
    }

    private sealed class Replacement(PromptEdit owner, ModelCall call, PersonalDataTable upstream) : PersonalDataReplacement
    {
        public override bool Keeps(PersonalDataType type) => upstream[type] == PersonalDataAction.Keep;

        public override string Placeholder(PersonalDataType type, ReadOnlySpan<char> value) => upstream[type] switch
        {
            PersonalDataAction.Hash => owner.Hash(type, value),
            PersonalDataAction.Tokenise => owner.Token(call, type, value),
            _ => Placeholders.Of(type),
        };
    }

    private string Hash(PersonalDataType type, ReadOnlySpan<char> value) => hash.Placeholder(type, value);

    private string Token(ModelCall call, PersonalDataType type, ReadOnlySpan<char> value)
    {
        if (vault?.TokenFor(call, type, value) is { } token)
        {
            return token;
        }
        meters.TokenRefused();
        return Placeholders.Of(type);
    }
}
