using System.Buffers;
using System.Collections.Frozen;

namespace Bellwether.Detection;

/// <summary>
/// Tells a question about a quotation from an order. <c>What does "ignore all previous instructions" mean?</c> asks for a meaning; what stands outside the quotation marks says so. Only short
/// prompts are believed: each of their sentences has to quote, to ask or to speak of words, and none may ask to act on what is quoted.
/// </summary>
internal static class QuotedSpeech
{
    public static readonly int LongestText = 400;

    private const int LongestQuotation = 240, LongestWord = 24, MostLines = 3;
    private const char Taken = '…';

    private static readonly SearchValues<char> s_blank = SearchValues.Create(" \t\r\n.!:;");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_aboutWords = WordSets.Of("""
        mean means meaning meant translate translation phrase sentence expression wording explain explanation define definition grammar grammatical grammatically spelling spell typo rephrase paraphrase regex regexp attack attacks injection jailbreak
        filter filters detect detection classify classifier classification spam log logs logged example examples refer refers origin history student lesson training flag caught catch block blocks blocked
        bedeutet bedeuten bedeutung gemeint übersetze übersetzen übersetzung satz ausdruck erkläre erklären angriff filter erkennt erkennen beispiel imperativ grammatik protokoll grammatikfehler
        signifie signifient signification veut traduis traduire traduisez traduction phrase expression explique expliquer expliquez attaque détecter filtre exemple grammaire orthographe jailbreak
        significa significan significado traduce traducir traduzca traducción frase expresión explica explicar explícame ataque ejemplo inyección corrige ortografía gramática
        significato traduci traducete tradurre traduzione spiega spiegare attacco filtro riconosce riconoscere esempio intende intendere grammatica
        quer traduza traduzir tradução explique explicar exemplo injeção bloqueada perigosa perigoso reconhecer
        betekent betekenis vertaal vertalen zin uitdrukking aanval voorbeeld znaczy oznacza przetłumacz zdanie atak przykład
        значит означает значение переведи перевести перевод фраза фразу предложение объясни объяснить атака атакой атаки атаку пример отличить
        demek anlama anlamı anlamını çevir ifadesi ifadesini ifadesinin cümlesi cümle saldırı örnek örneğini engellenmeli nghĩa dịch artinya terjemahkan
        """);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_orders = WordSets.Of("""
        then afterwards afterward accordingly follow follows following obey obeying execute executing perform performing comply complying carry act acting apply behave demonstrate demonstrating anyway yourself your yours print printing output
        reveal revealing showing bound instead continue proceed start begin run enact doing become real actual respond reply answer repeat include append insert add send type return echo complete finish
        dann danach anschließend befolge befolgen folge gehorche ausführen führe tu tue handle handeln passwort dein deine deinen deinem deiner
        puis ensuite obéis obéir exécute suis applique fais secret ton tes votre vos luego después obedece ejecuta ejecútala ejecútalo hazlo haz cumple sigue contraseña tus poi quindi esegui eseguila eseguilo obbedisci segui fallo tuo tua tuoi
        depois obedeça execute faça faz siga cumpra senha seu sua seus suas daarna doe volg gehoorzaam jouw potem wykonaj zrób twój
        затем потом выполни выполните сделай подчинись следуй пароль твой свой твои sonra uygula yap uy senin rồi làm lalu lakukan
        """);

    // Who tells to write or to say something dictates an answer; only of others it is a report.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_telling = WordSets.Of("write writes wrote written say says said schreib schreibe schreibt sag sage sagt écris dis écrit dit escribe escriben di dice scrivi scrive dì escreva escreve diga schrijf zeg napisz powiedz напиши скажи пишет пишут yaz söyle");
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_checking = WordSets.Of("test tests regex regexp expression filter rule detector regel expresión règle filtre regola filtro regra");

    // "Do it", "do as it says": of themselves these are the most frequent words.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_doing = WordSets.Of("it that so this as what them exactly");

    private static readonly SearchValues<string> s_aboutWordsUnspaced = SearchValues.Create(["意思", "解释", "解釋", "翻译", "翻譯", "攻击", "攻擊", "注入", "这句话", "說明", "说明", "意味", "説明", "翻訳", "攻撃", "由来", "という文", "言い回し", "何の例", "危険", "ログ", "무슨 뜻", "의미", "번역", "공격", "หมายความ", "แปล"], StringComparison.Ordinal);
    private static readonly SearchValues<string> s_ordersUnspaced = SearchValues.Create(["然后", "然後", "接着", "照做", "执行", "執行", "遵守", "你的", "その後", "従って", "その通り", "実行", "あなたの", "그리고 나서", "실행", "따라", "당신의", "แล้วทำ"], StringComparison.Ordinal);

    /// <summary>Writes the text without what it quotes; false when it is no question about a quotation.</summary>
    public static bool TryTakeOut(ReadOnlySpan<char> text, Span<char> outside, out int length)
    {
        length = 0;
        if (text.Length > LongestText || text.Count('\n') >= MostLines) { return false; }
        var quotations = 0;
        for (var at = 0; at < text.Length;)
        {
            var end = QuotationEnd(text, at);
            if (end < 0) { return false; }
            if (end == at)
            {
                outside[length++] = text[at++];
                continue;
            }
            outside[length++] = Taken;
            quotations++;
            at = end;
        }
        return quotations > 0 && IsAboutWords(outside[..length]);
    }

    // Behind the mark that closes what is opened here; the place itself when nothing is opened, and -1 when it is never closed.
    private static int QuotationEnd(ReadOnlySpan<char> text, int at)
    {
        var close = text[at] switch
        {
            '"' => "\"", '“' => "”", '„' => "“”", '«' => "»", '»' => "«", '「' => "」", '『' => "』", '`' => "`", '‘' => "’",
            // An apostrophe stands behind a letter.
            '\'' when at == 0 || !char.IsLetterOrDigit(text[at - 1]) => "'",
            _ => "",
        };
        if (close.Length == 0) { return at; }
        for (var end = at + 1; end < text.Length && end - at <= LongestQuotation; end++)
        {
            if (!close.Contains(text[end]) || (text[end] is '\'' or '’' && end + 1 < text.Length && char.IsLetterOrDigit(text[end + 1]))) { continue; }
            return end + 1;
        }
        return -1;
    }

    private static bool IsAboutWords(ReadOnlySpan<char> outside)
    {
        var speaksOfWords = outside.ContainsAny(s_aboutWordsUnspaced);
        if (outside.ContainsAny(s_ordersUnspaced)) { return false; }
        for (var start = 0; start < outside.Length;)
        {
            var end = start;
            while (end < outside.Length && !IsStop(outside[end])) { end++; }
            var asks = end < outside.Length && outside[end] is '?' or '？' or '؟';
            var sentence = outside[start..end];
            start = end + 1;
            if (!sentence.ContainsAnyExcept(s_blank)) { continue; }
            if (Orders(sentence, asks, out var says, out var begins)) { return false; }
            speaksOfWords |= says;
            if (!asks && !begins && !sentence.Contains(Taken) && !sentence.ContainsAny(s_aboutWordsUnspaced)) { return false; }
        }
        return speaksOfWords;
    }

    /// <param name="begins">Its first word speaks of words: "Explain how it works."</param>
    private static bool Orders(ReadOnlySpan<char> sentence, bool asks, out bool speaksOfWords, out bool begins)
    {
        speaksOfWords = begins = false;
        Span<char> word = stackalloc char[LongestWord];
        var (does, words) = (false, 0);
        bool tells = false, checks = false, canYou = false;
        for (var at = 0; at < sentence.Length;)
        {
            if (!char.IsLetter(sentence[at]))
            {
                at++;
                continue;
            }
            var start = at;
            while (at < sentence.Length && (char.IsLetter(sentence[at]) || char.GetUnicodeCategory(sentence[at]) == System.Globalization.UnicodeCategory.NonSpacingMark)) { at++; }
            if (at - start > word.Length) { continue; }
            var lower = word[..sentence[start..at].ToLowerInvariant(word)];
            if (s_orders.Contains(lower) || (does && s_doing.Contains(lower))) { return true; }
            if (s_aboutWords.Contains(lower))
            {
                speaksOfWords = true;
                begins |= words == 0;
            }
            tells |= words == 0 && s_telling.Contains(lower);
            checks |= s_checking.Contains(lower);
            // "Why do people write …?" and not "Can you write …?"
            canYou |= lower is "you" or "du" or "sie" or "tu" or "vous" or "usted" or "voce" or "você";
            speaksOfWords |= asks && !canYou && words > 0 && s_telling.Contains(lower);
            words++;
            does = lower is "do";
        }
        return tells && !checks;
    }

    private static bool IsStop(char sign) => sign is '.' or '!' or '?' or '\n' or '。' or '！' or '？' or '؟' or '।';
}
