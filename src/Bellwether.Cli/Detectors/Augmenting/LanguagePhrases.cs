namespace Bellwether.Cli.Detectors;

/// <summary>Templates in one language: attacks and, in the same words, ordinary wishes. At least as many of the latter, so that foreign words decide nothing.</summary>
/// <param name="Code">ISO 639.</param>
/// <param name="Attacks">A change of task or rules with what shall be done instead.</param>
/// <param name="Extractions">Questions for the system prompt, the instructions or a secret.</param>
/// <param name="Roles">Characters without limits.</param>
/// <param name="Hard">Ordinary wishes in the words of attacks.</param>
/// <param name="Ordinary">Anything else that people ask.</param>
internal sealed record LanguagePhrases(string Code, string[] Attacks, string[] Extractions, string[] Roles, string[] Hard, string[] Ordinary)
{
    public static readonly LanguagePhrases[] All = [.. GermanicPhrases.All, .. RomancePhrases.All, .. EasternPhrases.All, .. AsianPhrases.All];

    /// <summary>How one speaks to the assistant that reads a document; none where it is written as in English.</summary>
    public string[] Addresses => s_addresses.TryGetValue(Code, out var found) ? found : [];

    private static readonly Dictionary<string, string[]> s_addresses = new()
    {
        ["de"] = ["(Hinweis|Nachricht|Anweisung) an (die KI|den Assistenten|alle Sprachmodelle):", "(KI|Assistent|Chatbot)(:|, hör zu:)", "(Falls|Wenn) du (eine KI|ein Sprachmodell|ein Bot) bist:"],
        ["nl"] = ["(Bericht|Instructie) voor (de AI|de assistent):", "Als je een (AI|taalmodel) bent:"],
        ["fr"] = ["(Note|Message|Consigne) (à|pour) (l'IA|l'assistant|tout modèle de langage) :", "(IA|Assistant)(,| :)", "Si tu es (une IA|un modèle de langage) :"],
        ["es"] = ["(Nota|Mensaje|Instrucción) para (la IA|el asistente|los modelos de lenguaje):", "(IA|Asistente)(,|:)", "Si eres (una IA|un asistente|un bot):"],
        ["pt"] = ["(Nota|Mensagem|Instrução) para (a IA|o assistente):", "Se você é (uma IA|um modelo de linguagem):"],
        ["it"] = ["(Nota|Messaggio|Istruzione) per (l'IA|l'assistente):", "Se sei (una IA|un modello linguistico):"],
        ["pl"] = ["(Uwaga|Wiadomość) dla (SI|asystenta):", "Jeśli jesteś (SI|modelem językowym):"],
        ["ru"] = ["(Сообщение|Указание) для (ИИ|ассистента|языковой модели):", "Если ты (ИИ|бот|языковая модель):"],
        ["tr"] = ["(Yapay zekâya|Asistana) (not|mesaj):", "Eğer bir (yapay zekâ|dil modeli) isen:"],
        ["zh"] = ["(致|写给)(人工智能|助手|所有语言模型)：", "如果你是(AI|机器人|语言模型)，", "(AI|助手)(注意|请看)："],
        ["ja"] = ["(AI|アシスタント|言語モデル)への(指示|注意)：", "あなたが(AI|ボット)なら、"],
        ["ko"] = ["(AI|어시스턴트|언어 모델)에게 (알림|지시):", "당신이 (AI|봇)라면,"],
        ["ar"] = ["(ملاحظة|رسالة) (للذكاء الاصطناعي|للمساعد):", "إذا كنت (ذكاء اصطناعيا|روبوتا):"],
        ["hi"] = ["(एआई|सहायक) के लिए (सूचना|निर्देश):", "अगर तुम (एआई|बॉट) हो:"],
        ["vi"] = ["(Ghi chú|Lời nhắn) cho (AI|trợ lý):", "Nếu bạn là (AI|mô hình ngôn ngữ):"],
        ["id"] = ["(Catatan|Pesan) untuk (AI|asisten):", "Jika kamu (AI|bot):"],
    };

    /// <summary>Names that need no translation.</summary>
    public static readonly Dictionary<string, string[]> Lists = new()
    {
        ["tech"] = ["Python", "git", "Excel", "Word", "Linux", "Docker", "Outlook", "SQL", "Android", "JavaScript"],
        ["word"] = ["\"pwned\"", "'hacked'", "\"OK\"", "\"banana\"", "'LOL'", "\"access granted\"", "42"],
        ["city"] = ["Lisboa", "Paris", "Tokyo", "Berlin", "Roma", "Istanbul", "Kyoto", "Praha"],
        ["n"] = ["2", "3", "5", "7", "10"],
        ["name"] = ["DAN", "Max", "Freebot", "Omega", "Zeno", "Nova"],
    };
}
