using System.Buffers;
using Bellwether.Detection;

namespace Bellwether.Quality;

/// <summary>An answer that declines. Whether it should have is not judged: a refusal can be right.</summary>
internal static class RefusalValidator
{
    // A refusal says so at once, or after a sentence of politeness; further on the phrase belongs to something else.
    private const int MostLead = 160;
    private const int Short = 700;

    private static readonly SearchValues<string> s_phrases = SearchValues.Create(
        [.. new[]
        {
            "i can't help with", "i cannot help with", "i can't assist with", "i cannot assist with", "i'm unable to", "i am unable to", "i'm not able to", "i am not able to",
            "i can't provide", "i cannot provide", "i can't fulfill", "i cannot fulfill", "i can't comply", "i cannot comply", "i won't be able to", "i will not be able to", "i can't do that", "i cannot do that",
            "i can't share", "i cannot share", "i can't discuss", "i cannot discuss", "i can't answer", "i cannot answer", "i must decline", "i have to decline", "i'm sorry, but i can", "i am sorry, but i can", "i'm sorry, i can't",
            "sorry, but i can't", "sorry, i can't", "i apologize, but i can", "as an ai language model, i can", "as an ai, i can", "i don't feel comfortable", "i'm not comfortable", "i can't create", "i cannot create", "i can't generate", "i cannot generate",
            "i won't provide", "i will not provide", "i won't help", "i can't write", "i cannot write", "against my guidelines", "violates our content policy", "i don't have access to", "i can't engage", "i cannot engage",
            "i won't do that", "i will not do that", "i won't write", "i will not write", "i won't create", "i will not create", "not something i can", "i'd rather not", "i would rather not", "i prefer not to", "i am not comfortable", "i'm not going to help", "i am not going to help", "can't help you with", "cannot help you with", "i refuse to", "i decline to",
            "i'm afraid i can't", "i am afraid i cannot", "i'm afraid i cannot", "goes against my guidelines", "i can't support", "i cannot support", "i can't give you", "i cannot give you", "i'm declining",
            "dabei kann ich nicht helfen", "dabei kann ich leider nicht", "dabei kann ich dir nicht", "dabei kann ich ihnen nicht", "ich kann dir leider nicht", "ich kann ihnen leider nicht", "das darf ich nicht", "ich darf ihnen nicht", "diese anfrage kann ich nicht", "ich kann diese anfrage nicht",
            "je ne peux pas répondre à cette demande", "je ne suis pas en mesure", "je refuse de", "no puedo hacer eso", "no puedo cumplir", "no puedo responder a", "non posso fornire", "non posso soddisfare", "não posso fornecer", "não posso atender", "daar kan ik niet", "daar kan ik je", "daar kan ik u", "kan ik niet aan meewerken", "jag kan inte hjälpa", "jag kan tyvärr inte", "jeg kan ikke hjelpe", "jeg kan ikke hjælpe", "jeg kan desværre ikke", "jeg kan dessverre ikke", "en voi auttaa", "valitettavasti en voi",
            "tôi không thể giúp", "tôi không thể hỗ trợ", "tôi không thể cung cấp", "xin lỗi, tôi không thể", "xin lỗi, nhưng tôi không thể", "maaf, saya tidak", "maaf, tetapi saya tidak", "saya tidak bisa membantu", "saya tidak dapat membantu", "nemohu pomoci", "nemohu s tím", "bohužel nemohu", "nu te pot ajuta", "nu vă pot ajuta", "nu pot să te ajut", "δεν μπορώ να βοηθήσω", "δεν μπορώ να σας βοηθήσω", "אני לא יכול לעזור", "איני יכול לעזור", "ไม่สามารถช่วย", "nem tudok segíteni", "sajnálom, de nem", "не можу допомогти", "на жаль, я не можу", "لا يمكنني المساعدة", "لا أستطيع المساعدة", "मैं आपकी मदद नहीं कर सकता", "मैं इसमें सहायता नहीं कर सकता", "मदद नहीं कर सकती",
            "ich kann dabei nicht helfen", "ich kann ihnen dabei nicht", "ich kann dir dabei nicht", "tut mir leid, aber ich kann", "das kann ich nicht", "je ne peux pas vous aider", "je ne peux pas t'aider", "je suis désolé, mais je ne peux", "désolé, mais je ne peux",
            "lo siento, pero no puedo", "no puedo ayudarte con", "no puedo ayudar con", "no puedo proporcionar", "mi dispiace, ma non posso", "non posso aiutarti", "desculpe, mas não posso", "não posso ajudar", "sinto muito, mas não posso",
            "het spijt me, maar ik kan", "ik kan je daar niet", "przykro mi, ale nie mogę", "nie mogę pomóc", "я не могу помочь", "извините, но я не могу", "к сожалению, я не могу", "üzgünüm, ancak", "yardımcı olamam",
            "对不起，我无法", "抱歉，我不能", "抱歉，我无法", "我无法提供", "我不能提供", "很抱歉，我", "申し訳ありませんが", "申し訳ございませんが", "お手伝いできません", "お答えできません", "죄송하지만", "도와드릴 수 없습니다", "لا أستطيع مساعدتك", "آسف، لا يمكنني", "عذراً، لا يمكنني", "मैं इसमें मदद नहीं कर सकता", "माफ़ कीजिए",
        }.SelectMany(phrase => phrase.Contains('\'') ? [phrase, phrase.Replace('\'', '’')] : new[] { phrase })], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<char> s_quotes = SearchValues.Create("\"“”„«»「」");
    private static readonly SearchValues<char> s_ends = SearchValues.Create(".!?\n。！");

    public static ValidatorResult Check(string answer)
    {
        var lead = answer.AsSpan(0, Math.Min(answer.Length, MostLead + 60));
        var at = lead.IndexOfAny(s_phrases);
        while (at >= 0 && IsQuoted(lead[..at]))
        {
            var next = lead[(at + 1)..].IndexOfAny(s_phrases);
            at = next < 0 ? -1 : at + 1 + next;
        }
        if (at < 0 || at > MostLead) { return ValidatorResult.Pass(ValidatorNames.Refusal); }
        var span = new TextSpan(at, EndOfSentence(answer, at));
        // A long answer that begins so gives part of what was asked.
        return answer.Length <= Short
            ? new(ValidatorNames.Refusal, 0, ValidatorVerdict.Fail, "The answer declines what was asked.") { Spans = [span] }
            : new(ValidatorNames.Refusal, 0.5, ValidatorVerdict.Warn, "The answer begins by declining something and goes on.") { Spans = [span] };
    }

    // The model answered "I'm sorry, but I can't …": somebody else's refusal. An answer may stand in quotation marks as a whole.
    private static bool IsQuoted(ReadOnlySpan<char> before)
    {
        var mark = before.LastIndexOfAny(s_quotes);
        return mark >= 0 && !before[..mark].Trim().IsEmpty && (before[mark] is '“' or '„' or '«' or '「' || (before[mark] == '"' && before.Count('"') % 2 == 1));
    }

    private static int EndOfSentence(string text, int from)
    {
        var rest = text.AsSpan(from);
        var stop = rest.IndexOfAny(s_ends);
        return from + (stop < 0 ? Math.Min(rest.Length, 200) : stop + 1);
    }
}
