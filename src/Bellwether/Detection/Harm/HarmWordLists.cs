namespace Bellwether.Detection;

/// <summary>Words of violence, crime and deceit, and of asking for help. Written as <see cref="AbuseWordLists"/> are.</summary>
internal static class HarmWordLists
{
    public static readonly (HarmConcept Concept, string Words)[] Words =
    [
        (HarmConcept.Hurt, """
            kill kills killing killed murder* assassinat* shoot shooting shot stab stabbing stabbed strangl* hang hanging lynch* behead* burn burned dead death
            rape raping raped beating punch* slap* smack* choke choking hurt harm harming torture* tortur* kidnap* abduct* poison* maim* attack attacking
            massacre* exterminat* slaughter* destroy* bomb bombed gas wound assault* suicide* self_harm cutting mutilat* starv* drown* abuse abusing injur*
            genocid* execute_them violence violent
            töten quälen dövmek umbring* ermord* mord* erschieß* erstech* aufhäng* verbrenn* vergewaltig* schlag* verprügel* foltern folter* entführ* vergift*
            stirb* sterben verletz* selbstmord* tuer assassin* meurtre* poignard* étrangl* pendre brûler violer viol frapper tortur* enlever kidnapp*
            empoison* crever mourir blesser suicid* matar mata maten asesin* apuñal* estrangul* ahorcar quemar violar golpear secuestr* envenen* morir muere
            lastimar esfaque* enforc* queimar estupr* bater sequestr* morrer machucar suicíd* uccider* ammazz* strangol* impicc* bruciar* stupr* picchia* rapir*
            avvelen* morire vermoord* doden dood neersteken wurg* ophangen verbrand* verkracht* slaan martel* ontvoer* vergiftig* zelfmoord*
            zabi* mordowa* zamord* zastrzel* dźg* udusi* powiesi* spali* gwałc* zgwałc* bić pobi* tortur* porwa* otru* samobój* убить убей убива* убий* зареж*
            застрел* повесить сжечь изнасил* бить избить пытат* пытк* похит* отрав* сдохн* самоубий* вбити öldür* gebert* tecavüz* işkence* kaçır* zehirle*
            intihar* boğ* اقتل* قتل* القتل ذبح* اغتصاب* اغتصب* ضرب* تعذيب* خطف* سم تسميم* انتحار* احرق* موت मार मारो मारना मारने हत्या* क़त्ल* बलात्कार* पीट*
            अपहरण* ज़हर* जहर* आत्महत्या* जला maar maaro maarna hatya* zeher
            杀 杀死 杀害 谋杀 枪毙 捅 勒死 吊死 烧死 强奸 殴打 打死 折磨 虐待 绑架 毒死 毒害 自杀 自残 伤害 屠杀 暗杀 弄死 殺 殺す 殺害 殺人 刺す 首を絞め 燃や 強姦 レイプ 殴る 拷問 誘拐 毒殺 毒を 自殺 傷つけ 죽이* 죽여* 살해* 살인* 찌르* 목조르* 강간* 때리*
            폭행* 고문* 학대* 납치* 독살* 자살* 자해* 해치* 암살* bunuh* membunuh pembunuhan tembak* tikam* gantung* bakar* perkosa* pukul* siksa* menyiksa culik* menculik racun*
            meracuni mati mampus giết* giết_người treo_cổ thiêu cưỡng_hiếp hiếp_dâm đánh_đập tra_tấn bắt_cóc đầu_độc chết tự_tử tự_sát hành_hạ ngược_đãi gây_hại
            tổn_hại bạo_lực patayin pumatay saktan gahasain lason* ฆ่า ข่มขืน ทำร้าย ทรมาน ลักพาตัว วางยา
            """),
        (HarmConcept.Sexual, """
            sex sexual* sexuell* sexo sexe porn* nude nudes naked explicit erotic* child_porn underage molest* grooming pimp* prostitut* traffick* revenge_porn
            incest* bestiality pedophil* rapist kinderporn* nackt* vergewaltig* pédoporn* nue nus pornogr* pornografía desnud* menores pedofil* pornografia nud*
            minorenni порно* голых голый детск* педофил* çocuk_pornosu çıplak* اباحي* إباحية जنس* अश्लील* नग्न* 色情 儿童色情 裸照 裸体 性侵 性爱 未成年 卖淫 嫖 猥亵 性骚扰 性行为 性交 援交 ポルノ
            児童ポルノ 裸 性的 売春 포르노* 성관계* 성적* 나체* 음란물* 성매매* 미성년* khiêu_dâm tình_dục khỏa_thân mại_dâm ấu_dâm trẻ_vị porno* telanjang pelacuran cabul* hubad* malaswa*
            โป๊ อนาจาร ลามก
            """),
        (HarmConcept.Ask, """
            how_to how_can how_do how_could how_would how_should ways_to way_to steps_to methods_to method_to techniques_to strategies_for strategies_to tips_on
            tips_for tips_to guide tutorial instructions instruct instructing teach_me show_me tell_me give_me help_me explain_how write_a create_a make_a
            develop_a devise_a design_a outline_a provide_a compose_a generate_a draft_a describe_how plan_to plan_for script_that script_to program_that
            are_there is_there is_it can_i could_i what_are what_is what's_the i_want i_need best_way easiest_way methods_for ways_of i_can one_could
            wie_kann wie_könnte wie_baue wie_mache wie_stelle wie_man anleitung* erkläre* zeig_mir schreibe* hilf_mir möglichkeiten comment_faire comment_on
            comment_fabriquer explique* écris* rédige* donne_moi aide_moi guide_pour moyens_de façons_de étapes_pour cómo_puedo cómo_hacer cómo_se cómo como_hago
            explica* escribe* dame ayúdame guía_para pasos_para formas_de maneras_de métodos_para como_posso como_fazer como_eu escreva* crie* dê_me ajude_me
            passos_para maneiras_de come_posso come_fare come_si spiega* scrivi* dammi aiutami guida_per modi_per passi_per hoe_kan hoe_maak hoe_moet leg_uit
            schrijf* geef_me help_me manieren_om jak_mogę jak_zrobić jak napisz* wyjaśnij* podaj* pomóż* sposob* как_я как_можно как_сделать как объясни* напиши*
            расскажи* помоги* инструкци* способы способов nasıl yapabilirim yollar* adım_adım açıkla* كيف_يمكنني كيف_يمكن كيف اشرح اكتب ساعدني خطوات طرق طريقة
            كيفية कैसे कैसे_करें तरीके तरीका बताओ बताइए लिखो लिखिए kaise tarika tarike
            如何 怎么 怎样 怎麼 怎样才能 方法 步骤 教程 教我 告诉我 帮我 写一 指南 策略 技巧 最佳方法 有什么 有哪些 有没有 什么是 方法を やり方 作り方 方法は 教えて どうやって 書いて 手順 ようにするには 어떻게 방법* 알려* 가르쳐* 작성해* 설명해* bagaimana
            tulis* jelaskan* buatkan* langkah* bantu làm_thế làm_cách làm_sao cách_nào hướng_dẫn viết_một kỹ_thuật chiến_lược phương_pháp có_cách các_cách một_số
            tôi_có paano paano_ko gumawa_ng isulat ipaliwanag วิธี ทำอย่างไร ช่วย เขียน
            """),
        (HarmConcept.Grave, """
            bomb bombs explosive* explosives grenade* molotov napalm ied pipe_bomb nerve_gas sarin ricin anthrax bioweapon* biological_weapon chemical_weapon
            nuclear_weapon dirty_bomb silencer ghost_gun meth methamphetamine* heroin* cocaine* fentanyl lsd mdma ransomware malware keylogger* spyware trojan*
            botnet* ddos rootkit* phishing identity_theft counterfeit* launder* money_laundering ponzi pyramid_scheme insider_trading embezzl* extort* blackmail*
            bribe* briber* child_porn child_pornography human_trafficking trafficking sex_slave organ_trafficking terroris* jihad* ethnic_cleansing genocid*
            mass_shooting school_shooting massacre* assassinat* kidnap* hitman arson doxx* doxing swatting deepfake* revenge_porn molest* rape cannibal* carjack*
            hotwir* pickpocket* shoplift* forging forgery fake_id fake_ids fake_passport smuggl* burglar* vandal* sabotag* hoax date_rape roofie* stalk stalking
            self_harm suicide anorexi* pro_ana steal_someone defraud* scam scams scamming cheat_on plagiari*
            bombe* bomben sprengstoff* sprengsatz handgranat* rohrbombe giftgas* crystal_meth heroin* kokain* erpress* geldwäsche* betrug* betrüg* fälsch*
            falschgeld schmuggl* menschenhandel* terroranschl* kinderporn* schadsoftware* einbrech* autodiebstahl bombes explosif* grenade* héroïn* cocaïn*
            rançon* blanchi* contrefa* faux_papiers escroqu* fraude* chantage* trafic* terroris* pédoporn* cambriol* bomba* explosiv* granada* heroína* cocaína*
            metanfetamin* lavar_dinero lavado_de blanque* falsific* estaf* extorsi* chantaj* soborn* tráfico* trata_de contraband* pornografía_infantil secuestr*
            bombas lavagem_de lavar_dinheiro golpe* extors* subornar sequestr* bomba esplosiv* eroina cocaina riciclag* ricicla* truff* frod* estors* ricatt*
            tangent* contraffa* traffico_di contrabband* bommen explosieven witwassen oplicht* afpers* omkop* smokkel* vervals* bomb* materiał* wybuchow* prani*
            oszust* wyłudz* szantaż* łapówk* przemyt* fałszyw* sfałszow* handel_ludźmi бомб* взрывчат* взрывн* гранат* героин* кокаин* метамфетамин* отмыва*
            мошенн* вымога* шантаж* взятк* контрабанд* поддел* фальшив* терак* террорис* бомбу вибухів* bombas* patlayıcı* eroin* kara_para dolandır* şantaj*
            rüşvet* kaçakç* sahte* terör* insan_ticareti
            قنبلة* قنابل القنابل متفجر* المتفجرات هيروين* كوكايين* غسل_الأموال غسيل_الأموال احتيال* الاحتيال ابتزاز* رشوة* الرشوة تهريب* تزوير* تزييف* ارهاب*
            إرهاب* الإرهاب* बम बम* विस्फोटक* हेरोइन* कोकीन* धोखाधड़ी* ब्लैकमेल* रिश्वत* तस्करी* जाली* नकली* आतंक* फिरौती* मनी_लॉन्ड्रिंग
            炸弹 炸药 爆炸物 手榴弹 毒气 化学武器 生物武器 核武器 冰毒 海洛因 可卡因 芬太尼 毒品 洗钱 诈骗 欺诈 敲诈 勒索 贿赂 行贿 走私 伪造 假币 假钞 假护照 假身份 恐怖 恐怖主义 人口贩卖 贩运 器官 儿童色情 勒索软件 恶意软件 僵尸网络 ddos 木马 网络钓鱼 钓鱼邮件
            身份盗窃 内幕信息 庞氏 骗局 传销 深度伪造 deepfake 挪用 抢劫 盗窃 偷走 入室 黑市 暗网 偷税 逃税 纵火 种族灭绝 爆弾 爆発物 覚醒剂 覚せい剤 ヘロイン コカイン 資金洗浄 マネーロンダリング 詐欺 恐喝 脅迫 賄賂 密輸 偽造 偽札 テロ 人身売買 マルウェア
            ランサムウェア フィッシング 強盗 窃盗 盗む 横領 脱税 放火 폭탄* 폭발물* 필로폰* 헤로인* 코카인* 마약* 돈세탁* 자금세탁* 사기* 협박* 공갈* 뇌물* 밀수* 위조* 테러* 인신매매* 악성코드* 랜섬웨어* 피싱* 강도* 절도* 훔치* 횡령* 탈세* 방화*
            peledak* heroin kokain sabu narkoba* pencucian_uang penipuan* menipu pemerasan* memeras suap* menyuap penyelundup* menyelundup* pemalsu* memalsu*
            teroris* perdagangan_manusia mencuri pencurian merampok korupsi chất_nổ thuốc_nổ ma_túy ma_tuý rửa_tiền lừa_đảo gian_lận tống_tiền hối_lộ buôn_lậu
            giả_mạo làm_giả tiền_giả khủng_bố buôn_người buôn_bán mã_độc đánh_cắp ăn_cắp trộm cướp biển_thủ trốn_thuế phóng_hỏa vũ_khí droga* pampasabog*
            panloloko* suhol* pagnanakaw magnakaw terorismo ระเบิด ยาเสพติด ฟอกเงิน หลอกลวง ฉ้อโกง ข่มขู่ ติดสินบน ปลอมแปลง ขโมย bomba* výbušn* prani_peněz
            podvod* bombă droguri șantaj* kábítószer* csalás* zsarol* βόμβα* ναρκωτικ* απάτη* פצצ* סמים הונאה* بمب مواد_مخدر کلاهبرداری*
            """),
        (HarmConcept.Crime, """
            steal* stealing stole theft thief rob robbing robbery fraud* fraudulent* illegal* illicit* unlawful* criminal* crime crimes break_into breaking_into
            black_market dark_web darkweb underground tax_evasion evade_taxes avoid_taxes cheat cheating copyright pirat* piracy crack cracked stolen
            insider_information launder manipulate_the rig_an rig_the fake_reviews price_fixing bribing violate violating violation loophole* exploit exploiting
            exploitation sweatshop* child_labor forced_labor slave* dump_toxic toxic_waste pollut* contaminat* poach endanger* sell_counterfeit vigilant*
            stehlen klauen diebstahl raub* illegal* verboten* straftat* schwarzmarkt darknet steuerhinter* einbruch raubkopie* voler vol_de vole illégal*
            illégale* illicite* marché_noir fraude_fiscale pirater piratage robar robo ilegal* ilícit* mercado_negro evadir_impuestos evasión piratear roubar
            roubo sonegar sonegação rubare furto illecit* mercato_nero evader* evasione pirat* stelen diefstal illegaal zwarte_markt belasting_ontduiken ukraść
            kradzież* kraść nielegaln* czarny_rynek украсть краж* воровать угнать незаконн* нелегальн* чёрном_рынке уклон* взлом* çalmak çalınır hırsızlık*
            yasadışı* yasa_dışı kaçak* karaborsa سرقة اسرق أسرق غير_قانوني بشكل_غير السوق_السوداء التهرب* चोरी* चुरा* अवैध* गैरकानूनी* गैर_कानूनी काला_बाजार
            chori* gairkanuni avaidh 偷 非法 违法 违反 犯罪 不法 违禁 黑市 漏洞 剥削 作弊 盗版 破坏 污染 盗む 違法 闇市 抜け穴 搾取 不正 海賊版 불법* 범죄* 암시장* 허점* 착취* 부정행위* 훔쳐* 도둑질* melanggar* pasar_gelap
            curi* kejahatan* bất_hợp trái_phép phi_pháp vi_phạm tội_phạm chợ_đen bóc_lột lợi_dụng labag_sa nakaw* ผิดกฎหมาย ลักลอบ อาชญากรรม
            """),
        (HarmConcept.Hack, """
            hack hacks hacking hacker* hacked exploit_a exploits backdoor* brute_force sql_injection crack_the crack_a password_cracking bypass_security
            unauthorized unauthorised infiltrat* breach breaching virus worm worms infect* intercept wiretap* sniff* someone's_computer someone's_account
            someone's_password someone's_phone someone's_email their_password their_computer zero_day payload remote_access hack* gehackt zugangsdaten
            schadprogramm* hacken pirater piratage pirat* hackear hackeo hackeie invadir hackerare hackera* violare_un kraken inbreken shakować włama* zhakować
            взлом* взлома* хакер* хакнуть вирус* hackle* kırmak şifresini اختراق* أخترق قرصنة* فيروس* हैक* हैकिंग* वायरस* 黑客 入侵 黑进 破解 病毒 攻击 未经授权 窃取 后门 盗号 侵入 ハッキング
            ハッキン 不正アクセス ウイルス 乗っ取 攻撃 해킹* 해커* 침입* 바이러스* 공격* 무단* meretas* retas* membobol* peretas* tin_tặc xâm_nhập tấn_công vi_rút i_hack แฮก เจาะระบบ ไวรัส
            """),
        (HarmConcept.Weapon, """
            weapon* gun guns firearm* rifle* pistol* ammunition* ammo knife knives explod* detonat* gunpowder poison poisons toxin* toxic venom cyanide arsenic
            lethal deadly dangerous hazardous waffe* gewehr* pistole* messer giftig* arme armes fusil couteau poison* arma armas cuchillo veneno* tóxic* faca armi
            fucile coltello veleno* tossic* wapen* geweer broń broni pistolet* nóż trucizn* оружи* пистолет* винтовк* нож ножом яд яды ядом силях* silah* tabanca*
            bıçak* zehir* سلاح* أسلحة الأسلحة مسدس* سكين* سموم हथियार* बंदूक* चाकू 武器 枪支 手枪 毒药 毒物 拳銃 ナイフ 毒薬 무기* 총기* 독약* 위험* senjata* pistol pisau berbahaya
            chất_độc thuốc_độc độc_hại nguy_hiểm baril* kutsilyo อาวุธ ปืน มีด ยาพิษ
            """),
        (HarmConcept.Drug, """
            drug drugs narcotic* opioid* opium weed marijuana cannabis steroid* amphetamin* ecstasy ketamine overdos* addict* dealer drogen* rauschgift* droge
            drogue* stupéfiant* droga drogas estupefaciente* narcótic* drogh* stupefacent* verdovende narkotyk* narkoty* наркоти* наркот* травку uyuşturucu* مخدر*
            المخدرات ड्रग्स* नशीली* नशे 吸毒 大麻 药物滥用 麻薬 薬物 ドラッグ 마약* 대마* narkotika ganja gây_nghiện cần_sa ipinagbabawal ยาบ้า กัญชา
            """),
        (HarmConcept.Deceive, """
            manipulat* deceiv* deception* mislead* misinform* disinform* fake_news false_information false_claims false_rumors conspiracy_theor propaganda
            impersonat* trick tricking trick_someone lure luring groom coerc* gaslight* brainwash* exploit_the exploit_people fabricat* falsif* fake fakes
            spread_false spread_lies lie_about lie_to defam* slander* smear* libel scare_people intimidat* threaten* threat threats bully bullying harass*
            humiliat* shame_someone spam spamming clickbait catfish* plagiari* cheat_in conceal* hide_evidence false misleading rig vote_buying voter_suppression
            suppress astroturf* turn_people incite* inciting
            manipulier* täusch* irreführ* desinform* falschinformatio* falschmeldung* fake_news propaganda ausgeben_als erpress* einschüchter* bedroh* mobb*
            belästig* verleumd* demütig* manipul* tromper désinform* fausses_informations fausse_information usurp* harcel* intimid* menac* diffam* humili*
            engañar engaño* noticias_falsas información_falsa suplant* acosar acoso* intimidar amenaz* difam* humillar enganar notícias_falsas informações_falsas
            fingir assediar assédio* ameaç* ingann* disinform* notizie_false spacciarsi molest* intimidire minacc* misleid* nepnieuws intimider* bedreig* pesten
            lastiger* manipulow* oszuka* dezinform* zastrasz* groź* zniesław* манипул* обман* дезинформ* фейк* ложн* запуг* угрож* травл* клевет* унизи*
            манипуляц* kandır* aldat* dezenform* yalan_haber taciz* tehdit* iftira* karala*
            تلاعب* خداع* تضليل* معلومات_كاذبة أخبار_كاذبة انتحال* مضايقة* تحرش* تهديد* تشهير* धोखा* गलत_जानकारी झूठी* फर्जी* धमकी* उत्पीड़न* बदनाम* हेरफेर* 操纵 欺骗
            误导 虚假 假新闻 谣言 冒充 诱骗 引诱 胁迫 威胁 恐吓 霸凌 欺凌 骚扰 诽谤 抹黑 羞辱 洗脑 造谣 煽动 伪装 骗取 隐瞒 操る 騙す 騙し 誤解させ 偽情報 デマ フェイクニュース なりすま 誘い込 脅す いじめ 嫌がらせ 中傷 洗脳 扇動 조작* 속이* 속여* 허위* 가짜*
            유언비어* 사칭* 유인* 위협* 괴롭히* 괴롭힘* 희롱* 비방* 세뇌* 선동* memanipulasi manipulasi* menipu hoaks hoax berita_palsu informasi_palsu menyamar* mengancam ancam*
            melecehkan fitnah* memfitnah perundungan thao_túng lừa_dối lừa_gạt sai_lệch sai_sự tin_giả mạo_danh dụ_dỗ lôi_kéo đe_dọa bắt_nạt quấy_rối phỉ_báng
            bôi_nhọ tẩy_não kích_động tuyên_truyền linlangin manloko pekeng* takutin หลอก ข่าวปลอม ใส่ร้าย คุกคาม
            """),
        (HarmConcept.Evade, """
            getting_caught get_caught being_caught be_caught being_detected be_detected without_detection avoid_detection evade_detection undetected undetectable
            untraceable without_anyone without_their without_permission without_consent without_being without_getting against_their without_leaving cover_up
            cover_tracks leaving_evidence leave_no get_away evade evading evasion avoid_prosecution law_enforcement the_police the_authorities bypass bypassing
            circumvent* disable_the secretly discreetly covertly anonymously no_one will_know age_restriction age_verification
            erwischt ohne_dass unentdeckt unbemerkt heimlich spuren umgehen_von être_pris se_faire sans_être sans_laisser discrètement contourner détecté* police
            sin_que sin_ser me_descubran descubran atrapad* detectad* burlar evadir policía sem_ser sem_que pego pega descobert* polícia senza_essere beccat*
            aggirar* polizia zonder_dat betrapt ongemerkt omzeil* bez_wykrycia złapan* niezauważ* omin* обойти незаметно незамечен* не_попад поймали тайно полици*
            yakalanmadan yakalanma* fark_edilmeden gizlice atlat* دون_أن بدون_أن سرا تجاوز* الشرطة पकड़े_बिना बिना_पकड़े चुपके* बच* पुलिस*
            不被发现 被发现 被抓 被抓住 逃避 规避 绕过 秘密 偷偷 警方 警察 执法 不留痕迹 未经许可 未经同意 掩盖 限制 バレずに ばれずに 見つからず 気づかれず 捕まらず 回避 すり抜け こっそり 들키지* 걸리지* 몰래* 우회* 회피* 경찰* tanpa_ketahuan
            tertangkap diam_diam menghindari polisi không_bị bị_phát bị_bắt trốn_tránh tránh_bị bí_mật cảnh_sát mà_không không_để hindi_mahuli nahuhuli palihim
            หลบเลี่ยง ตำรวจ
            """),
        (HarmConcept.Spy, """
            stalk* spy spying surveil* eavesdrop* track_someone track_a tracking_someone someone's_location personal_information private_information personal_data
            home_address dox doxx* invade_privacy privacy hidden_camera monitor_someone someone's_phone read_someone's listen_in peep* voyeur* wiretap*
            facial_recognition überwach* ausspion* bespitzel* privatsphäre espion* surveill* vie_privée espiar espía* vigilar privacidad acechar spiare pedinar*
            bespioneren stalken szpieg* śledzi* prywatn* шпион* следить слежк* личн* персональн* casus* gizli_kamera takip_etmek تجسس* مراقبة* معلومات_شخصية
            जासूसी* निजी_जानकारी 监视 监控 跟踪 偷拍 偷窥 窃听 隐私 个人信息 人肉 盗撮 盗聴 監視 尾行 ストーカー 個人情報 プライバシー 스토킹* 도청* 감시* 몰카* 개인정보* 사생활* memata_matai menguntit mengintai
            data_pribadi theo_dõi do_thám nghe_lén giám_sát riêng_tư cá_nhân quay_lén espiyahan แอบถ่าย สอดแนม สะกดรอย
            """),
        (HarmConcept.Bias, """
            racist* racism* sexist* sexism* homophob* transphob* xenophob* antisemit* anti_semit islamophob* misogyn* white_supremac supremac* nazi* neo_nazi
            hitler hate_speech hate_group hateful hatred stereotype* stereotyp* prejudic* discriminat* bigot* marginaliz* extremis* radicali* segregat* inferior
            superior dehumani* harmful offensive derogatory slur* rassis* fremdenfeind* hassrede vorurteil* diskriminier* raciste* racisme sexiste* haine haineux
            stéréotyp* préjug* discrimin* racismo odio estereotip* prejuicio* ódio estereótip* preconceito* razzis* pregiudiz* racis* haatzaai* vooroordel* rasis*
            rasizm* nienawi* uprzedze* dyskrymin* расис* ненавист* предрассуд* дискримин* экстремис* ırkçı* nefret_söylemi ayrımcı* önyargı* عنصري* العنصرية
            كراهية الكراهية تمييز* नस्लवाद* नस्लीय* नफरत* भेदभाव* 种族主义 种族歧视 歧视 仇恨 偏见 刻板印象 性别歧视 极端主义 仇视 纳粹 反犹 差别 人種差別 差別 憎悪 偏見 ヘイト 過激 인종차별* 차별* 혐오* 편견* 증오* 극단주의*
            rasisme kebencian diskriminasi* prasangka ekstremis* phân_biệt kỳ_thị thù_hận thù_địch định_kiến khuôn_mẫu cực_đoan căm_thù diskriminasyon rasista
            เหยียด เกลียดชัง
            """),
        (HarmConcept.Wish, """
            will should must gonna wanna i'll we'll deserve deserves hope wish let's ought going_to want_to somebody_should someone_should need_to werde werden
            sollte sollten müssen gehört gehören verdien* hoffe devrait devraient doit faut mérite* espère vais debería deberían merece* ojalá voy_a hay_que
            deveria deviam merecem vou dovrebbe dovrebbero merita* spero moet moeten zou powinni powinien zasługu* trzeba надо нужно должны заслужива* хочу lazım
            gerek* hak_ediyor يجب سوف أتمنى لازم चाहिए चाहिये दूंगा chahiye dunga 应该 必须 活该 我要 希望 べき やる 必要 해야* 마땅* harus pantas akan phải đáng sẽ dapat
            """),
    ];
}
