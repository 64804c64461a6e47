namespace Bellwether.Detection;

/// <summary>What words of many languages mean, as far as attacks are made of them.</summary>
[Flags]
internal enum Concept : uint
{
    None = 0, Ignore = 1, Instruction = 1 << 1, Previous = 1 << 2, Reveal = 1 << 3, Prompt = 1 << 4, Secret = 1 << 5, Pretend = 1 << 6, Machine = 1 << 7,
    Without = 1 << 8, Limit = 1 << 9, New = 1 << 10, Never = 1 << 11, Refuse = 1 << 12, Unchained = 1 << 13, Encode = 1 << 14, Send = 1 << 15,
    Address = 1 << 16, Only = 1 << 17, Rot13 = 1 << 18, Your = 1 << 19, Say = 1 << 20, Markup = 1 << 21,
}

/// <summary>
/// The words of each concept. <c>*</c> ends a stem, <c>_</c> joins two words, and runs of ideographs are found inside longer ones.
/// Written as the scanner folds them: lower case, Latin without accents.
/// </summary>
internal static class Concepts
{
    public static readonly (Concept Concept, string Words)[] Words =
    [
        (Concept.Ignore, """
            ignore* ignor* disregard* forget forgetting forgot overlook* override* overrid* bypass* neglect* discard* skip abandon* drop dismiss* cancel*
            ignorier* ignoriere missacht* vergiss vergesst vergessen ubergeh* oublie* oubliez ignorez neglige* olvida* olvide* descarta* omite* haz_caso esquec* esqueca desconsider* descart*
            dimentica* trascura* negeer* vergeet zignoruj* zapomnij* pomin* игнорир* проигнор* забудь* забыть отмени* unut* yoksay gormezden lupakan abaikan quen bo_qua
            忽略 无视 無視 忘记 忘記 忘れ 무시하* 무시해* 잊어* 잊고 تجاهل* تجاهلي انس انسى अनदेखा* नजरअंदाज* भूल_जाओ भूल
            """),
        (Concept.Instruction, """
            instruction* instructions directive* directions command* rules guidelines orders prompt prompts programming training
            anweisung* vorgaben befehl* regeln consigne* directives regles ordres instrucci* directric* reglas ordenes indicaciones instruco* diretriz* regras comandos
            istruzion* direttive regole comandi instructies opdrachten regels instrukcj* polecen* zasad* инструкц* указани* команд* правила правил talimat* komut* kural* instruksi perintah aturan huong_dan chi_thi lenh
            指令 指示 说明 規則 规则 命令 지시* 명령* 규칙* تعليمات* التعليمات* اوامر الأوامر القواعد निर्देश* निर्देशों आदेश*
            """),
        (Concept.Previous, """
            previous* prior above earlier preceding before former foregoing everything
            vorherig* vorig* bisherig* obig* alle_bisherigen precedent* ci-dessus anterieur* anterior* previas previos previo anteriormente precedent* sopra
            vorige voorgaande eerdere poprzedni* wczesniejsz* powyzsz* предыдущ* прежни* вышеуказ* ранее onceki yukaridaki sebelumnya diatas truoc
            之前 以上 前面 先前 上述 以前 上記 이전* 앞의 위의 السابقة السابق سابقة पिछले पिछली पहले
            """),
        (Concept.Reveal, """
            reveal* show print repeat* display* output* disclose* expose* leak* tell share write recite* dump* echo give list summarize paraphrase* translate
            zeig* wiederhol* verrat* enthull* ausgeben nenne montre* revele* affiche* repete* dis-moi muestra* revela* repite* imprime* dime mostra* repita diga exiba
            mostrami ripeti rivela* stampa toon* herhaal* onthul* pokaz* ujawnij* powtorz* покаж* раскро* повтори* выведи* напечат* goster* acikla* tekrarla* yazdir tampilkan ungkapkan ulangi
            显示 告诉我 输出 重复 透露 泄露 表示 教えて 繰り返 出力 보여* 알려* 출력* 반복* اظهر اعرض كرر اكشف اطبع दिखाओ दिखाएं बताओ बताएं दोहराओ दोहराएं
            """),
        (Concept.Prompt, """
            system_prompt system_message initial_prompt system_instructions initial_instructions hidden_prompt secret_instructions original_instructions original_prompt system_text pre-prompt preprompt
            your_instructions your_prompt your_rules your_guidelines your_directives instructions_above text_above words_above message_above prompt_above above_text above_prompt above_instructions
            systemprompt* systemanweisung* system-prompt systemprompten invite_systeme prompt_systeme prompt_del prompt_de prompt_do prompt_di istruzioni_iniziali instrucciones_iniciales instrucoes_iniciais
            системн* системный_промпт промпт istem_sistem sistem_istemi prompt_sistem prompt_he 系统提示 系統提示 提示词 提示詞 系统指令 システムプロンプト 初期指示 프롬프트* 시스템_프롬프트 موجه_النظام सिस्टम_प्रॉम्प्ट प्रॉम्प्ट
            """),
        (Concept.Secret, """
            password* passcode passphrase secret secrets credential* api_key access_key confidential* token private_key flag
            passwort* kennwort* geheim* mot_de motdepasse contrasena* clave secreto senha segredo parola_d parola_segreta wachtwoord* haslo hasla парол* секрет* sifre* parola kata_sandi mat_khau
            密码 密碼 秘密 口令 パスワード 暗号 비밀번호* 암호* كلمة_السر كلمة_المرور पासवर्ड गुप्त
            """),
        (Concept.Pretend, """
            pretend* roleplay* role-play* impersonate* simulate* persona character act_as acting_as play_the immerse* imagine hypothetical* respond_as answer_as you_are_now from_now
            are_now tu_sei sei_ora eres_ahora ahora_eres es_jetzt du_bist bist_jetzt tu_es es_maintenant agora_voce voce_agora ты_теперь теперь_ты artik_sen sekarang_kamu bay_gio
            simul* fingi* finge haz_de spiele stell_dir imagina* притворись представь играй 假装 扮演 假设 现在你是 你现在是 ふりをして 演じ 振る舞 인_척 역할* تظاهر تخيل नाटक अभिनय
            """),
        (Concept.Machine, "ai assistant assistants chatbot chatgpt gpt gpt-0 openai llm bot claude gemini copilot ki ia ии asistan* asistente assistente 助手 人工智能 语言模型 アシスタント 어시스턴트 المساعد सहायक language_model ai_model model"),
        (Concept.Without, "no not without free removed remove unrestricted ungebunden ohne keine sans aucun aucune sin ningun ninguna sem nenhum senza nessun zonder geen bez без никаких olmadan tanpa khong 没有 不受 なし 없이 없는 بدون बिना ignores disregards broken"),
        (Concept.Limit, "restriction* limit limits limitation* filter* filters censor* ethic* moral* legal guideline* rules policies policy constraints boundaries safety einschrank* zensur* moralisch* ethisch* restrictions limites censure restriccion* limites etica censura restric* restrizion* beperking* ogranicz* cenzur* огранич* цензур* этик* sinirlama* kisitlama* sansur batasan sensor 限制 道德 审查 制限 倫理 検閲 제한* 윤리* قيود رقابة प्रतिबंध* सीमा* नैतिक*"),
        (Concept.New, "new instead now updated following neue neuen nouvelle nouvelles nueva nuevas nova novas nuova nuove nieuwe nowe новые новая yeni baru moi 新的 新しい 새로운 جديدة नए नया"),
        (Concept.Never, "never always must always_answer niemals immer jamais toujours nunca siempre sempre mai nooit nigdy zawsze никогда всегда asla selamanya 永远 绝不 決して 절대 ابدا कभी"),
        (Concept.Refuse, "refuse* apologi* decline* warn* warning warnings disclaimer* sorry cannot can't verweiger* ablehn* weiger* refus* excus* avertissement* rechaz* negarte disculp* advertenc* recus* desculp* rifiut* scus* odmow* отказ* извин* reddet* menolak tu_choi 拒绝 道歉 警告 拒否 거부* 거절* رفض मना इनकार"),
        (Concept.Unchained, "jailbreak* jailbroken dan stan aim dude evilbot devmode anything_now do_anything developer_mode god_mode unfiltered uncensored antigpt opposite_mode evil_mode sudo_mode dan_mode no_filters amoral unethical"),
        (Concept.Encode, "base00 base-00 rot00 rot0 encode* encoded hex hexadecimal reverse* backwards backward morse binary leetspeak cipher caesar spell spelled acrostic rhyme poem"),
        (Concept.Send, "send forward email e-mail mail post upload transmit exfiltrate* sende schick* weiterleit* envoie* envoyez envia* enviar reenvi* invia* stuur wyslij отправ* перешл* gonder* kirim gui 发送 转发 送信 보내* 전송* ارسل भेजें भेजो"),
        (Concept.Address, "http https www com attacker"),
        (Concept.Only, "only just exactly instead nur stattdessen seulement solo solamente apenas soltanto alleen tylko только sadece hanya chi 只 仅 只需 だけ 만 فقط केवल"),
        (Concept.Rot13, "gur naq lbh lbhe sbe guvf jvgu vtaber cerivbhf cebzcg vafgehpgvbaf flfgrz erirny nyy gung"),
        (Concept.Your, "your you dein* deine ihre votre vos tes tu sus seu seus sua suas tuo tue tua jouw je twoj* твои свои ваши senin kamu 你的 您的 あなたの 너의 당신의 الخاصة अपने अपनी"),
        (Concept.Say, "say respond reply answer print output write start begin sage antworte reponds repondez dis responde di escribe responda rispondi scrivi zeg antwoord odpowiedz скажи ответь напиши soyle yanitla katakan jawab 说 回答 回复 答え 대답* 말해* قل اجب कहो जवाब"),
        (Concept.Markup, "im_start im_end endoftext system_override inst sys"),
    ];
}
