namespace Bellwether.Detection;

/// <summary>What words of many languages mean, as far as attacks are made of them.</summary>
[Flags]
internal enum Concept : ulong
{
    None = 0, Ignore = 1, Instruction = 1 << 1, Previous = 1 << 2, Reveal = 1 << 3, Prompt = 1 << 4, Secret = 1 << 5, Pretend = 1 << 6, Machine = 1 << 7,
    Without = 1 << 8, Limit = 1 << 9, New = 1 << 10, Never = 1 << 11, Refuse = 1 << 12, Unchained = 1 << 13, Encode = 1 << 14, Send = 1 << 15,
    Address = 1 << 16, Only = 1 << 17, Rot13 = 1 << 18, Your = 1 << 19, Say = 1 << 20, Markup = 1 << 21,
    Authority = 1 << 22, Personal = 1 << 23, Query = 1 << 24, Reply = 1 << 25, Verb = 1 << 26,
    /// <summary>A verb that opens a sentence. Not a word of its own: the reader sees where it stands.</summary>
    Imperative = 1 << 27,
    /// <summary>What stands behind it is the writer's own: "I forgot my password" asks for nobody's secret.</summary>
    Mine = 1 << 28,
    /// <summary>A verb behind it opens a clause, too.</summary>
    Opener = 1 << 29,
    /// <summary>As it stands, sign by sign: who wants a text back so wants the text itself, and not what is in it.</summary>
    Verbatim = 1 << 30,
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
            ignore* ignor* disregard* forget forgetting overlook* override* overrid* bypass* neglect* discard* skip abandon* drop dismiss* cancel*
            ignorier* ignoriere missacht* vergiss vergesst vergessen_sie ubergeh* oublie* oubliez ignorez neglige* olvida* olvide* descarta* omite* haz_caso esquec* esqueca desconsider* descart*
            dimentica* trascura* negeer* vergeet zignoruj* zapomnij* pomin* игнорир* проигнор* забудь* забыть отмени* unut* yoksay gormezden lupakan abaikan quen bo_qua
            忽略 无视 無視 忘记 忘記 忘れ 무시하* 무시해* 잊어* 잊고 تجاهل* تجاهلي انس انسى अनदेखा* नजरअंदाज* भूल_जाओ भूल
            不用管 抛开 作废 捨てて 破棄 버리고 버려 اترك छोड़_दो bırak yok_say dikkate_alma phớt_lờ jangan_ikuti przestań laisse_tomber lascia_perdere unlearn strunta_i bortse glöm glem uită ignoră felejts unohda ohita ξέχασε αγνόησε שכח התעלם فراموش نادیده ভুলে_যাও উপেক্ষা ลืม เพิกเฉย ไม่สนใจ kalimutan balewalain sahau puuza zapomeň забудьте забуть
            """),
        (Concept.Instruction, """
            instruction* instructions directive* directions command* rules guidelines orders prompt prompts programming training
            anweisung* vorgaben befehl* regeln consigne* directives regles ordres instrucci* directric* reglas ordenes indicaciones instruco* diretriz* regras comandos
            istruzion* direttive regole comandi instructies opdrachten regels instrukcj* polecen* zasad* инструкц* указани* команд* правила правил talimat* komut* kural* instruksi perintah aturan huong_dan chi_thi lenh
            指令 指示 说明 規則 规则 命令 지시* 명령* 규칙* تعليمات* التعليمات* اوامر الأوامر القواعد निर्देश* निर्देशों आदेश*
            pokyn* instruktion* instruksjon* ohjeet ohjeesi utasítás* szabály* οδηγίες κανόνες הוראות ההוראות כללים دستور* قوانین নির্দেশ* নিয়ম* คำสั่ง กฎ tagubilin utos patakaran maagizo kanuni інструкції правила instrucțiuni* reguli* pravidla consignas normas 要求 要件 지침*
            """),
        (Concept.Previous, """
            previous* prior above earlier preceding before former foregoing everything
            vorherig* vorig* bisherig* obig* alle_bisherigen precedent* anterieur* anterior* previas previos previo anteriormente precedent* sopra
            vorige voorgaande eerdere poprzedni* wczesniejsz* powyzsz* предыдущ* прежни* вышеуказ* ранее onceki yukaridaki sebelumnya diatas truoc
            之前 以上 前面 先前 上述 以前 上記 이전* 앞의 위의 السابقة السابق سابقة पिछले पिछली पहले
            """),
        (Concept.Reveal, """
            reveal* show print repeat* display* output* disclose* expose* leak* tell share write recite* dump* echo give list summarize paraphrase* translate
            zeig* wiederhol* verrat* enthull* ausgeben nenne montre* revele* affiche* repete* dis_moi muestra* revela* repite* imprime* dime mostra* repita diga exiba
            mostrami ripeti rivela* stampa toon* herhaal* onthul* pokaz* ujawnij* powtorz* покаж* раскро* повтори* выведи* напечат* goster* acikla* tekrarla* yazdir tampilkan ungkapkan ulangi
            显示 告诉我 输出 重复 透露 泄露 表示 教えて 繰り返 出力 보여* 알려* 출력* 반복* اظهر اعرض كرر اكشف اطبع दिखाओ दिखाएं बताओ बताएं दोहराओ दोहराएं
            """),
        (Concept.Prompt, """
            system_prompt system_message initial_prompt system_instructions initial_instructions hidden_prompt secret_instructions original_instructions original_prompt system_text preprompt
            your_instructions your_prompt your_rules your_guidelines your_directives instructions_above text_above words_above message_above prompt_above above_text above_prompt above_instructions
            systemprompt* systemanweisung* systemprompten invite_systeme prompt_systeme prompt_del prompt_de prompt_do prompt_di istruzioni_iniziali instrucciones_iniciales instrucoes_iniciais
            системн* системный_промпт промпт istem_sistem sistem_istemi prompt_sistem prompt_he 系统提示 系統提示 提示词 提示詞 系统指令 システムプロンプト 初期指示 프롬프트* 시스템_프롬프트 موجه_النظام सिस्टम_प्रॉम्प्ट प्रॉम्प्ट
            第一条消息 初始设定 初始消息 初始指令 最初の指示 最初のメッセージ 첫_메시지 처음_지시 первое_сообщение primer_mensaje premier_message erste_nachricht ersten_nachricht primeira_mensagem primo_messaggio pierwsza_wiadomość ilk_mesaj pesan_pertama first_message opening_message starting_prompt hidden_instructions base_prompt developer_message hidden_text system_instruction
            """),
        (Concept.Secret, """
            password* passcode passphrase secret secrets credential* api_key access_key confidential* token private_key flag
            passwort* kennwort* geheim* mot_de motdepasse contrasena* clave secreto senha segredo parola_d parola_segreta wachtwoord* haslo hasla парол* секрет* sifre* parola kata_sandi mat_khau
            密码 密碼 秘密 口令 パスワード 暗号 비밀번호* 암호* كلمة_السر كلمة_المرور पासवर्ड गुप्त
            পাসওয়ার্ড* পাসকোড* গোপন* รหัสผ่าน รหัสลับ ความลับ lihim heslo hesla κωδικ* סיסמ* رمز_عبور lösenord* adgangskode passord salasana* jelszó* parol* nenosiri पासकोड* sandi katasandi passphrase*
            """),
        (Concept.Pretend, """
            pretend* roleplay* role_play impersonate* simulate* persona character act_as acting_as play_the immerse* imagine hypothetical* respond_as answer_as from_now
            are_now tu_sei sei_ora eres_ahora ahora_eres es_jetzt du_bist bist_jetzt tu_es es_maintenant agora_voce voce_agora ты_теперь теперь_ты artik_sen sekarang_kamu bay_gio
            simul* fingi* finge haz_de spiele stell_dir imagina* притворись представь играй 假装 扮演 假设 现在你是 你现在是 ふりをして 演じ 振る舞 인_척 역할* تظاهر تخيل नाटक अभिनय
            imaginez imaginons imagina* imaginemos stellen_sie nehmen_wir angenommen supposons supposez supongamos suponga* suponha* suponhamos supponiamo immagin* stel_je stel_dat wyobraź* załóżmy представьте представим предположим hayal_et hayal_edin varsayalım bayangkan anggap* hãy_tưởng tưởng_tượng giả_sử 想象 想像 假设 仮定 상상* 가정* تخيل* لنفترض افترض* कल्पना* मान_लीजिए मान_लो কল্পনা* ধরুন จินตนาการ สมมติ isipin ipagpalagay suppose supposing let's_say
            """),
        (Concept.Machine, "ai assistant assistants chatbot chatgpt gpt openai llm bot claude gemini copilot ki ia ии asistan* asistente assistente 助手 人工智能 语言模型 アシスタント 어시스턴트 المساعد सहायक language_model ai_model model"),
        (Concept.Without, "no not without free removed remove unrestricted ungebunden ohne keine sans aucun aucune sin ningun ninguna sem nenhum senza nessun zonder geen bez без никаких olmadan tanpa khong 没有 不受 なし 없이 없는 بدون बिना ignores disregards broken"),
        (Concept.Limit, "restriction* limit limits limitation* filter* filters censor* ethic* moral* legal guideline* rules policies policy constraints boundaries safety einschrank* zensur* moralisch* ethisch* restrictions limites censure restriccion* limites etica censura restric* restrizion* beperking* ogranicz* cenzur* огранич* цензур* этик* sinirlama* kisitlama* sansur batasan sensor 限制 道德 审查 制限 倫理 検閲 제한* 윤리* قيود رقابة प्रतिबंध* सीमा* नैतिक*"),
        (Concept.New, "new instead now updated following neue neuen nouvelle nouvelles nueva nuevas nova novas nuova nuove nieuwe nowe новые новая yeni baru moi 新的 新しい 새로운 جديدة नए नया"),
        (Concept.Never, "never always must always_answer niemals immer jamais toujours nunca siempre sempre mai nooit nigdy zawsze никогда всегда asla selamanya 永远 绝不 決して 절대 ابدا कभी"),
        (Concept.Refuse, "refuse* apologi* decline* warn* warning warnings disclaimer* sorry cannot can't verweiger* ablehn* weiger* refus* excus* avertissement* rechaz* negarte disculp* advertenc* recus* desculp* rifiut* scus* odmow* отказ* извин* reddet* menolak tu_choi 拒绝 道歉 警告 拒否 거부* 거절* رفض मना इनकार"),
        (Concept.Unchained, "jailbreak* jailbroken dan stan aim dude evilbot devmode anything_now do_anything developer_mode god_mode unfiltered uncensored antigpt opposite_mode evil_mode sudo_mode dan_mode no_filters amoral unethical"),
        (Concept.Encode, "base00 rot00 rot0 encode* encoded hex hexadecimal reverse* backwards backward morse binary leetspeak cipher caesar spell spelled acrostic rhyme poem"),
        (Concept.Send, "send forward email mail post upload transmit exfiltrate* sende schick* weiterleit* envoie* envoyez envia* enviar reenvi* invia* stuur wyslij отправ* перешл* gonder* kirim gui 发送 转发 送信 보내* 전송* ارسل भेजें भेजो"),
        (Concept.Address, "http https www com attacker"),
        (Concept.Only, "only just exactly instead nur stattdessen seulement solo solamente apenas soltanto alleen tylko только sadece hanya chi 只 仅 只需 だけ 만 فقط केवल"),
        (Concept.Rot13, "gur naq lbh lbhe sbe guvf jvgu vtaber cerivbhf cebzcg vafgehpgvbaf flfgrz erirny nyy gung"),
        (Concept.Your, "your you dein* deine ihre votre vos tes tu sus seu seus sua suas tuo tue tua jouw je twoj* твои свои ваши senin kamu 你的 您的 あなたの 너의 당신의 الخاصة अपने अपनी"),
        (Concept.Say, "say respond reply answer print output write start begin sage antworte reponds repondez dis responde di escribe responda rispondi scrivi zeg antwoord odpowiedz скажи ответь напиши soyle yanitla katakan jawab 说 回答 回复 答え 대답* 말해* قل اجب कहो जवाब"),
        (Concept.Markup, "im_start im_end endoftext system_override inst sys"),
        (Concept.Authority, """
            i'm_god am_god am_a your_developer your_creator your_admin your_administrator your_owner your_master your_boss the_developer the_creator the_administrator system_administrator the_ceo the_president
            developer administrator creator programmer openai authorized authorised system_mode system_reset system_check debug_mode maintenance_mode admin_mode root_access override_code verify_your
            entwickler* administrator* schöpfer systemmodus bin_gott développeur* administrateur* créateur suis_dieu desarrollador* administrador* creador soy_dios desenvolvedor* criador sou_deus sviluppator* amministrator*
            ontwikkelaar* beheerder* deweloper* разработчик* администратор* создатель geliştirici* yönetici* pengembang quản_trị nhà_phát 开发者 管理员 创造者 我是神 我是上帝 系统模式 開発者 管理者 創造主 私は神 개발자* 관리자* 시스템_점검 مطور* المطور المسؤول डेवलपर* प्रशासक* भगवान_हूं ডেভেলপার nag_develop developer_mo
            """),
        (Concept.Personal, """
            email_address home_address phone_number birth_date birthdate date_of birthday bank_account account_balance social_security credit_card ssn salary medical_record medical_records personal_data personal_information private_data city_of lives_in live address addresses pii
            e_mail adresse telefonnummer geburtsdatum kontostand bankkonto gehalt adresse_e numéro_de date_de compte_bancaire solde salaire dirección correo_electrónico número_de fecha_de cuenta_bancaria saldo salario endereço data_de conta_bancária indirizzo data_di numero_di conto_bancario conto_corrente
            rekeningnummer geboortedatum адрес* дата_рождения номер_телефона банковск* зарплат* adresi doğum_tarihi hesap_bakiyesi alamat tanggal_lahir nomor_telepon saldo_rekening địa_chỉ ngày_sinh số_dư 地址 邮箱 电子邮件地址 电话号码 出生日期 生日 银行账户 余额 工资 住所 メールアドレス 電話番号 生年月日 誕生日 口座 残高 이메일_주소 주소* 전화번호* 생년월일* 생일* 계좌* 잔액* عنوان* تاريخ_ميلاد رقم_هاتف حساب* الرصيد ईमेल_पता पता जन्म फोन_नंबर बैंक_खाते शेष ঠিকানা ইমেল জন্মদিন
            personal_na persönliche_daten personenbezogene* données_personnelles datos_personales dados_pessoais dati_personali data_pribadi dữ_liệu persoonsgegevens dane_osobowe личных_данных персональных_данных kişisel_veri 个人数据 個人データ 개인_데이터 البيانات_الشخصية व्यक्तिगत_डेटा व्यक्तिगत_डाटा जन्म_तिथि ব্যক্তিগত_ডেটা วันเกิด ที่อยู่ nascita naissance nacimiento nascimento geburtsdatum geburtstag
            """),
        (Concept.Query, "my_query my_question first_question first_query the_query following_question following_query next_question this_question my_request here_is step_by think_step with_sure absolutely_here given_sentence following_sentence begin_your start_your start_with end_your all_queries incoming_queries every_response all_responses your_responses insert_prompt prompt_here"),
        (Concept.Reply, """
            response responses answer answers reply output outputs message summary solution completion result text headline sentence paragraph user users assistant question task antwort antworten nachricht zusammenfassung benutzer nutzer réponse réponses résumé utilisateur respuesta respuestas resumen usuario resposta respostas resumo usuário risposta risposte riassunto utente antwoord samenvatting gebruiker
            odpowiedź odpowiedzi użytkownik* ответ* сообщени* пользовател* yanıt* cevap* özet* kullanıcı* jawaban ringkasan pengguna câu_trả trả_lời người_dùng 回答 回复 答案 摘要 用户 输出 回答に 返答 要約 ユーザー 응답* 답변* 대답* 요약* 사용자* الرد إجابة الإجابة ملخص المستخدم उत्तर जवाब सारांश उपयोगकर्ता
            """),
        (Concept.Verb, """
            write say tell give provide include add append insert mention state respond reply answer output print show list describe explain summarize summarise translate use utilize utilise employ render convert encode ignore forget disregard send forward delete remove create generate make compose draft recommend promote advertise visit click search find retrieve get call execute run open book transfer pay grant schedule update change set stop start begin end finish pretend act imagine rewrite replace incorporate integrate embed present express apply adopt craft detail discuss suggest share inform ask think consider remember ensure avoid never always do don't output modify invite tell compare calculate identify name solve read play turn download install upload post publish reset reveal repeat analyze analyse offer introduce encourage urge direct link attach conclude substitute reverse swap spell hide
            schreib* sage sag antworte* gib füge erwähne* erkläre* beschreibe* übersetze* verwende* benutze* ignoriere* vergiss sende* lösche* erstelle* empfehle* zeige nutze ersetze écris* écrivez dis dites répondez réponds ajoute* ajoutez incluez inclure explique* décris* traduis* traduisez utilise* utilisez ignore* oublie* oubliez envoie* envoyez supprime* crée* créez recommande* montre* remplace*
            escribe* escriba di diga responde* responda agrega* añade* incluye* incluya explica* describe* traduce* traduzca usa* use ignora* ignore olvida* olvide envía* envíe elimina* crea cree recomienda* muestra* escreva* diga responda* adicione* inclua* explique* descreva* traduza* use* ignore* esqueça* envie* exclua* crie* recomende* mostre* scrivi* dì rispondi* aggiungi* includi* spiega* descrivi* traduci* usa* ignora* dimentica* invia* elimina* crea* consiglia* mostra*
            schrijf* zeg antwoord* voeg vermeld* vertaal* gebruik* negeer* stuur* verwijder* maak napisz* powiedz odpowiedz dodaj* wyjaśnij* opisz* przetłumacz* użyj* zignoruj* wyślij* usuń* utwórz* напиши* скажи* ответь* добавь* включи* объясни* опиши* переведи* используй* игнорируй* забудь* отправь* удали* создай* yaz söyle cevapla ekle açıkla çevir kullan gönder sil oluştur tulis* katakan jawab tambahkan jelaskan terjemahkan gunakan abaikan kirim hapus buat viết nói thêm giải_thích dịch dùng gửi xóa tạo
            写 请写 请说 请回答 请添加 请在 请提供 请解释 请将 请忽略 请发送 忽略 添加 提供 解释 翻译 发送 删除 してください しなさい 書いて 答えて 追加して 説明して 翻訳して 送信して 削除して 쓰세요 작성하* 대답하* 추가하* 설명하* 번역하* 보내* 삭제하* اكتب قل أجب أضف اشرح ترجم استخدم تجاهل ارسل أرسل احذف लिखें लिखो कहें जोड़ें समझाएं अनुवाद भेजें हटाएं
            """),
        (Concept.Mine, "my our mein meine meinem meiner meinen unser unsere mon ma mes notre nos mi mis nuestra meu minha nossa mio mia mijn ons onze moje mojego мой моя мою мое моего moje mój min mitt benim saya tôi aking 我的 我们的 私の 自分の 나의 내 제 मेरा मेरी मेरे अपना"),
        (Concept.Verbatim, """
            verbatim word_for word_by letter_by letter_for line_by character_by literally unaltered unchanged unmodified unabridged uncut as_is as_written exact_text exact_words exact_wording full_text raw_text
            wortlich wörtlich wort_für wort_fur wortwörtlich unverändert* ungekürzt* buchstabe* wortlaut mot_pour mot_à littéralement textuellement intégralement sans_modification literalmente textualmente palabra_por letra_por íntegramente tal_cual palavra_por integralmente tal_qual parola_per testualmente letteralmente
            woordelijk woord_voor letterlijk dosłownie słowo_w słowo_po дословно слово_в буквально без_изменений kelimesi_kelimesine kelime_kelime aynen harfiyen kata_demi kata_per apa_adanya nguyên_văn từng_chữ ordagrant ord_för ordrett ord_for sanasta_sanaan doslova slovo_od szó_szerint cuvânt_cu κατά_λέξη מילה_במילה
            逐字 原样 一字不 一字不差 原封不动 原文 完整内容 全文 一字一句 そのまま 逐語 原文のまま 一言一句 그대로 글자_그대로 원문 단어_하나 حرفيا حرفيًا كلمة_بكلمة كما_هو शब्दशः शब्द_दर हूबहू ज्यों_का শব্দে_শব্দে হুবহু คำต่อคำ کلمه_به salita_por neno_kwa
            """),
        (Concept.Opener, "please bitte favor plait пожалуйста lutfen tolong hay now then also instead"),
    ];
}
