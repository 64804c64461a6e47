namespace Bellwether.Detection;

/// <summary>
/// Words of abuse. <c>*</c> ends a stem, <c>_</c> joins two words, digits are read as 0, runs of ideographs are found inside longer ones.
/// They are inputs of a model and never a verdict: who quotes a slur uses it too.
/// </summary>
internal static class AbuseWordLists
{
    public static readonly (HarmConcept Concept, string Words)[] Words =
    [
        (HarmConcept.Slur, """
            nigg* n0gg* niglet* negro negroes faggot* fagg* fag fags dyke dykes tranny* trannies shemale* kike kikes spic spics spick chink* gook* wetback*
            raghead* towelhead* sandnigg* coon coons jigaboo* zipperhead* porch_monkey
            paki pakis wog wogs gyppo* pikey* injun* redskin* squaw honkey honky cracker crackers redneck* hillbill* white_trash whitey wigger* muzzie* muzrat*
            muslimes kaffir* kafir* goatfuck* goat_fucker camel_jockey beaner* retard* libtard* spastic* mongoloid* cripple* tard tards
            feminazi* femoid* foid foids roastie* towel_head ape apes jungle_bunny sand_monkey islamist_scum anchor_babies queer queers homo homos sissy pansy
            batty_boy poofter* poof lesbo* lezzie* teabagg*
            kanake* kanacke* neger* schwuchtel* kameltreiber* ziegenficker* mongo zigeuner* judensau* polacke* spasti* missgeburt* mannweib kopftuchmädchen
            fidschi* tunte* transe
            négro* nègre* bougnoul* youpin* pédé* tapette* tarlouze* gouine* bamboula* bicot* arabe_de chinetoque* romano* sale_arabe sale_juif sale_noir goudou*
            travelo* mongol* mongolien*
            maricón* maricon* marica* sudaca* negrata* moro_de moros panchito* bollera* travelo* gitano_de subnormal* mongolo* judío_de indio_de puñal joto jotos
            tortillera* machorra* negro_de prieto_de
            viado* viadinho* bicha bichas sapatão* traveco* macaco* crioulo* favelado* baitola* boiola* retardad* mongoloide* preto_de
            frocio* froci ricchion* finocchio finocchi terron* negro_di zingar* negr* mongoloid* handicappato_di culattone* lesbica_di trans_di ebreo_di
            mietje flikker* nikker* kankermarokkaan* kutmarokkaan* kutturk* zwartjoekel* mongool* mongolen spast* homo's neger*
            pedał* pedal* ciapat* żydek* żydzi* brudas* czarnuch* asfalt* cygan* lewak* ciota ciot* kacap* szwab* upośledzon*
            пидор* пидар* педик* черножоп* хач* чурк* жид* нигер* нигг* хохл* хохол* москал* кацап* укроп* ватник* даун дауны либераст* гомосек* чурок* узкоглаз*
            жидов*
            ibne* top_herif gavur* kürdo* ermeni_dölü travesti* nonoş yahudi_dölü
            شواذ الشواذ شاذ لوطي* لوطيه زنجي* عبيد العبيد روافض* رافضي* نصيري* مجوس* خول خولات الخول كلاب_اليهود القردة الخنازير سحاقي*
            कटुआ कटुए कटवा मुल्ला मुल्ले मुल्लों भंगी चमार हिजड़ा हिजड़े छक्का छक्के जिहादी कटुवे चिंकी katua katue katwa mulla mulle mullo bhangi chamar hijra
            hijda chakka chhakka librandu sickular
            黑鬼 尼哥 支那 小日本 棒子 白皮猪 绿绿 穆畜 穆狗 阿三 基佬 死基佬 娘炮 黑人杂种 蛮夷 蝗虫 女拳 田园女权 死同性恋 台巴子 母狗 黑皮 倭寇 日本鬼子 鬼子 智障 脑残 残废 阿拉伯猪
            土人 黒んぼ チョン 朝鮮人め 支那人 ホモ野郎 オカマ ガイジ 池沼 キチガイ 障害者め 한남충 김치녀 된장녀 짱깨 쪽발이 흑형 깜둥이 병신* 똥꼬충 게이새끼 조선족* 장애인새끼 틀딱* 급식충 맘충 한남* 메갈* 꼴페미*
            bencong banci* cina_kafir kafir* aseng cebong* kampret* kadrun* negro* bóng_lộ bê_đê mọi_rợ bakla tomboy intsik* negro_ka bể_đê kalar* ไอ้มืด ไอ้เจ๊ก
            ตุ๊ด กะเทย ลาวโง่
            """),
        (HarmConcept.Insult, """
            bitch* b0tch* biatch* bish betch* cunt* c0nt* twat* whore* wh0re* hoe hoes h0e* slut* sl0t* skank* slag slags thot thots bimbo* gold_digger
            cum_dumpster cumslut* asshole* a00hole assh0le* arsehole* arse_hole dickhead* dick_head dickwad* dipshit* shithead* shit_head shitbag* shitstain*
            scumbag* scum_bag scum douche* jackass* dumbass* dumb_ass dumb_fuck dumbfuck*
            fucktard* fuckwit* fuckface* fuckhead* motherfuck* mother_fucker mofo* muthafuck* fucker* cocksuck* cock_sucker bastard* prick pricks wanker* tosser*
            bellend* knobhead* pussy pussies puss* cuck cucks cuckold* turd turds ass_hole nutsack* jerkoff* jerk_off dumbo* numbnuts bollock* minger* tart tarts
            wench* hag hags trollop* strumpet* incel incels simp simps sonofabitch*
            arschloch* arsch ärsche arschlöcher* hurensohn* hurensöhne* hure huren nutte* schlampe* fotze* wichser* wixer* scheißkerl* drecksau* dreckssau*
            drecksack* miststück* dreckige* schwein* pisser* hackfresse* flachwichser* spacko* mistkerl* wixxer* kackbratze* penner* abschaum* bastard*
            schmarotzer* volksverräter* lügenpresse*
            connard* connasse* conard* connes salope* salaud* salop* enculé* encule* putain* pute putes putain_de fils_de fdp ntm batard* bâtard* pouffiasse*
            pétasse* grognasse* trouduc* trou_du ordure* raclure* enfoiré* bouffon* sale_pute sale_con merdeux* crevard* tocard*
            puta putas puto putos hijo_de hijoputa* hijueputa* hdp gilipollas* cabrón* cabron* cabrones zorra* perra perras pendej* pendeja* culero* malparid*
            gonorrea* cerdo cerda mamón* mamon* capullo* huevón* huevon* boludo* pelotudo* escoria* pinche* chinga* guarra* furcia* malnacid* desgraciad*
            filho_da filha_da fdp puta_que vadia* piranha* vagabund* arrombad* cuzão* cuzao* otário* otario* babaca* desgraçad* corno cornos escrot* canalha*
            lixo_humano galinha safad* caralh* pilantra* nojent* cadela*
            stronz* bastard* puttan* troia troie zoccol* mignott* testa_di pezzo_di figlio_di coglion* merdos* vacca cagna* maiale* porc* cornut* bagascia*
            feccia* sgualdrin* schifos* vaffanculo*
            hoer hoeren kutwijf* klootzak* lul lullen eikel* trut trutten slet sletten kankerhoer* teringlijer* tyfus* kanker* wijf wijven schoft* smeerlap*
            hufter* tuig varken* mongol teef teven rotwijf*
            kurwa* kurw* chuj* huj dziwk* suka suki skurwysyn* skurwiel* pizda* pizd* cipa cwel* szmat* debil* frajer* gnój* gnoj* ścierw* śmieć* bydło* świni*
            zjeb* pojeb* jebany* jeban*
            сука суки сучк* сучар* блядь бляди блять бляд* хуесос* хуй* хуйл* мудак* мудил* гандон* гондон* ублюд* мраз* тварь твари шлюх* шалав* козёл козлы
            козел петух падл* урод* гнид* скотин* пизд* ебан* ёбан* долбоёб* долбоеб* уебок уёбок сволоч* подонк* ничтожеств* шалава* покидьк* курв*
            orospu* piç* kahpe* şerefsiz* serefsiz* göt gotveren* götveren* yavşak* sürtük* kaltak* pezevenk* köpek* gavat* dalyarak* amcık* amına* amk aq siktir*
            haysiyetsiz* namussuz* alçak*
            كلب الكلب كلاب ابن_الكلب ابن_الشرموطة شرموط* شراميط* قحب* عاهر* العاهر* حقير* حقراء واطي* وسخ* خنزير* حيوان* حمار* يا_كلب يا_حمار زبالة* الزبالة
            منيوك* عرص* ابن_القحبة سافل* خسيس* نجس*
            भोसड़ी* भोसडी* भोसडीके चूतिया* चूतिये* चुतिया* मादरचोद* मादरचोद बहनचोद* रंडी* रंडियों हरामी* हरामखोर* हरामजाद* कुत्ते* कुत्ता* कुतिया* कमीना* कमीने*
            सूअर* साला साले साली गांडू* गांड* लौड़े* लंड* झाटू* chutiya* chutiye* chutia* madarchod* madarchood* bhenchod* behenchod* bhosdi* bhosad* randi*
            harami* haramkhor* haramzad* kutta kutte kutiya* kamina* kamine* gandu* gaand* lodu laude* saala saale suar* bhadw* bhadv* jhatu* tatti
            贱人 贱货 婊子 妓女 荡妇 混蛋 王八蛋 杂种 畜生 禽兽 狗东西 狗屎 狗娘养 傻逼 煞笔 沙比 操你 草泥马 肏 滚蛋 滚出 人渣 败类 废物 垃圾 妈的 他妈 tmd nmsl 死全家 去死 不要脸 臭婊 下贱 母猪 猪狗 狗杂种 龟儿子 屌丝 渣男 渣女 骚货 破鞋 公交车 直男癌 普信
            恶心 丑八怪
            クソ 糞 くそ野郎 クズ ゴミ カス 死ね しね 氏ね クソ女 ビッチ ブス デブ 売春婦 淫売 畜生 キモい 野郎 くたばれ てめえ 貴様 害虫 寄生虫 씨발* 시발* ㅅㅂ 씨팔* 개새끼* 새끼* 년들 썅년* 창녀* 걸레* 미친놈* 미친년* 놈들 존나* 지랄* 꺼져* 닥쳐* 쓰레기*
            찐따* 호구* 개돼지* 벌레* 뒤져* 개같* 염병* 등신* 느금마*
            anjing* bangsat* bajingan* kontol* memek* jancok* jancuk* kampang* keparat* lonte* pelacur* perek* asu goblok* babi monyet* setan* brengsek* pantat*
            ngentot* kimak* bodoh_punya sundal* con_đĩ đồ_chó thằng_chó con_chó vcl vl đmm đm đcm khốn_nạn mất_dạy đồ_khốn súc_vật óc_chó putang* puta
            tangina* gago* gaga ulol* tarantad* pokpok* hayop* leche* punyeta* อีดอก อีสัตว์ เหี้ย ไอ้เหี้ย สัส ควย อีควาย ระยำ กะหรี่ ชาติหมา
            ชั่ว jävla* fitta* kuksugar* fan_ta jævla* fitte* luder* kælling* svin svinet huora* vittu* paskiainen* mulkku* perse* kusipää* hnidopich kurva* kurvy
            píča* piča* kokot* zmrd* čurák* děvka* hovado* curve muie* pizda* pula* nenorocit* jegos* kurafi* buzi* geci* rohadt* πουτάν* μαλάκ* καριόλ* αρχίδ*
            γαμώ* זונה* שרמוט* בן_זונה חרא מניאק* כלבה* کثافت* جنده* حرامزاده* کونی* مادرجنده* سگ عوضی*
            """),
        (HarmConcept.Mild, """
            idiot* idiotic moron* moronic imbecile* stupid* stoopid stooopid dumb dumber dumbest dumbfounding fool fools foolish clown clowns loser losers liar
            liars lying_scum hypocrit* coward* pathetic* ignorant* ignoramus* brainless braindead brain_dead dimwit* halfwit* half_wit nitwit* twit twits buffoon*
            blowhard* windbag* blockhead* bonehead* knucklehead* simpleton* dunce* dolt dolts dope dopes cretin* oaf oafs goof goofball* airhead* nutjob* nut_job
            nutcase* nutbag* nutter* wacko* whacko* crackpot* lunatic* psycho psychos psychopath* sociopath* crazy insane deranged delusional nuts troll
            trolls creep creeps creepy pervert* perv pervs crook crooks crooked thug thugs bully bigot* racist* sexist* misogynist* nazi nazis fascist* commie
            commies traitor* snowflake* sheeple* sheep parasite* leech* rat rats weasel* snake worm worms pig pigs cockroach* roach roaches jerk jerks brat brats
            weirdo* freak freaks dork dorks nerd wimp wimps crybab* sucker* ugly fat fatso fatass* lardass* smelly hideous lazy useless worthless incompetent*
            clueless gullible ridiculous disgrace* shameful laughable joke nonsense garbage trash trashy bullshit* crap crappy sucks suck douchey ass arse
            buttface hysterical bossy nag nagging drama_queen
            dumm dumme dummer dummen dummkopf* idiot* trottel* depp deppen vollidiot* volltrottel* blöd* blöde* esel affe affen lügner* heuchler* feigling*
            versager* verrückt* irre krank* hässlich* fett fette faule* ekelhaft* widerlich* peinlich* lächerlich* erbärmlich* armselig* müll wertlos* nutzlos*
            doof doofe
            idiot* idiote* imbécile* imbecile* débile* debile* crétin* cretin* abruti* stupide* bête_comme nul nulle nuls minable* pathétique* menteur* menteuse*
            hypocrite* lâche* clown* guignol* taré* folle fou fous dingue* malade_mental moche* gros_porc grosse_vache ordures poubelle* dégoûtant* degoutant*
            ridicule* honteux* bon_à paresseu* ignare* idiots
            idiota* imbécil* imbecil* estúpid* estupid* tont* bobo boba necio* burro burra bruto mentiros* hipócrita* hipocrita* cobarde* payaso* payasa* loco_de
            loca_de asqueros* asco basura* feo fea gord* inútil* inutil* patétic* patetic* ridícul* vergüenza ignorante* ladron* ladrón* corrupt* lacra*
            sinvergüenza* vag*
            idiota* imbecil* burro burra estúpid* tol* palhaç* mentiros* covarde* lou nojo nojento* lixo feia feio gord* inútil ridícul* vergonha ignorante*
            ladrão* corrupt* vagabundo* trouxa* besta
            idiot* imbecill* stupid* scem* cretin* deficient* ebete* ignorant* pagliacc* bugiard* ipocrit* vigliacc* schif* brutt* grass* ridicol* vergogn*
            inutil* ladr* pezzent* buffon* fannullon* parassit* asino capra
            idioot* idiote* domoor* sukkel* loser* leugenaar* hypocriet* lafaard* gek gekke lelijk* dikke smerig* walgelijk* waardeloos* zielig* belachelijk*
            achterlijk* debiel* imbeciel* luie parasiet*
            idiot* idiota* kretyn* głup* glup* debil* tępy* tepy* tępak* kłamc* hipokryt* tchórz* klaun* brzydk* grub* leniw* obrzydliw* żałosn* zalosn* wstyd*
            bezwartości* pasożyt* złodziej* oszust* zdrajc* nierób* ciemnot* wariat*
            идиот* дурак* дура дуры тупой тупая тупые туп* кретин* дебил* придур* имбецил* лжец* лицемер* трус* клоун* урод* жирн* ленив* отврат* мерзк* жалк*
            позор* никчём* никчем* паразит* вор воры предател* чмо лох лохи быдло* баран* осёл осел свинь* крыс* псих* больной_на мусор* ідіот* дурн* тупі тупий
            aptal* salak* gerizekalı* gerizekali* geri_zekalı embesil* ahmak* dangalak* yalancı* korkak* palyaço* çirkin* şişko* tembel* iğrenç* rezil* zavallı*
            değersiz* asalak* hain* hırsız* cahil* beyinsiz* öküz* eşek*
            غبي* الغبي* اغبياء أغبياء احمق* أحمق* الحمقى حمقى جاهل* جهلة كذاب* كاذب* منافق* جبان* مهرج* قبيح* سمين* كسول* مقرف* مقزز* تافه* فاشل* خائن* خونة
            الخونة حرامي* لصوص متخلف* المتخلف* مجنون* مريض_نفسي معفن* عيب_عليك
            मूर्ख* बेवकूफ* बेवकूफ़* गधा गधे पागल* झूठा* झूठे* कायर* जोकर* मोटी मोटा आलसी घटिया* बेशर्म* निकम्म* नालायक* गद्दार* देशद्रोही* चोर* अनपढ़* जाहिल*
            उल्लू* bewakoof* bewkuf* gadha gadhe pagal* jhootha* jhuta* ghatiya* besharam* nikamma* nalayak* gaddar* deshdrohi* chor anpadh* jahil* ullu* bakwas*
            chamcha*
            白痴 笨蛋 蠢 蠢货 傻 傻瓜 傻子 弱智 骗子 伪君子 胆小鬼 小丑 疯子 神经病 肥猪 可悲 可笑 丢脸 无耻 没用 寄生虫 叛徒 汉奸 走狗 小偷 无知 低能 猪脑 脑子进水 有病 变态 流氓 娘娘腔 低等 劣等 贱 没教养 没素质
            馬鹿 バカ ばか アホ あほ 間抜け 嘘つき 卑怯 臆病 キモ 気持ち悪い 醜い 無能 役立たず 低能 恥知らず 裏切り 頭おかしい 老害 情弱 反日 売国奴 바보* 멍청* 멍청이* 한심* 거짓말쟁이* 위선자* 겁쟁이* 광대* 못생* 뚱뚱* 게으* 역겹* 역겨* 무능* 무식* 배신자*
            기생충* 도둑* 또라이* 미친* 찌질* 한심한 꼴값* 추하*
            bodoh* tolol* dungu* idiot* bego* pembohong* munafik* pengecut* badut* jelek* gendut* malas* menjijikkan* sampah* pecundang* pengkhianat* gila* kafir
            thằng_ngu đồ_ngu ngu_ngốc dối_trá hèn_nhát xấu_xí béo_ú lười_biếng kinh_tởm rác_rưởi vô_dụng phản_bội điên_rồ vô_học bobo boba tanga* bobong* inutil*
            sinungaling* duwag* pangit* tamad* kadiri* โง่ งี่เง่า ปัญญาอ่อน ขี้โกหก น่าเกลียด ขยะ ไร้ค่า บ้า
            dum dumma dumt korkad* äcklig* lögnare* patetisk* idioot* tyhmä* typerä* läski* valehtelija* blbec* blbý* hlupák* debil* lhář* prost prostule*
            prostul* idioți nesimțit* mincinos* hülye* idióta* ostoba* hazug* ηλίθι* βλάκ* ψεύτ* אידיוט* טיפש* מטומטם* דביל* שקרן* احمق* نادان* دروغگو*
            خنگ*
            """),
        (HarmConcept.Profanity, """
            fuck* fuk fuking fukin f0ck* fck* fuq effing freaking frigging frickin* shit shits shitty shitt* sh0t bullshit* damn damned goddamn* hell bloody ass
            a00 arse crap dick dicks d0ck cock cocks balls piss pissed pissing tits titties boobs wtf stfu gtfo lmfao af bugger* jizz cum dildo*
            scheiße* scheiß* scheiss* verdammt* kacke* fick* verfickt* verpiss* leck_mich merde* chier* foutre* fous_moi nique* niquer bordel* couilles mierda*
            joder* jodid* coño* cojones* carajo* hostia* verga* culo* porra* merda* foda* fodase foder* caralho* cacete* cazzo* cazzi minchia* culo figa vaffa*
            porco_dio fanculo* godverdomme* verdomme* pierdol* jebać* jebac* pierdziel* dupa dupy gówn* gowno* cholera* хуйн* ебать* ебал* нахуй нахер блин жоп*
            говн* дерьм* срать* заеб* похуй пиздец* sik sikeyim* sikerim* siker* خرا طيز زب نيك* चूत झाट chut choot lund lauda 鸡巴 几把 妈逼 日你 ちくしょう ファック 빌어먹* sial*
            kentut* cứt đách pakshet* บัดซบ แม่ง
            """),
        (HarmConcept.Degrade, """
            filthy filth vermin subhuman* sub_human inferior animals beasts savage* savages primitive uncivilized disgusting repulsive* vile evil demonic
            satanic infest* invad* invasion disease diseased plague cancer scourge parasit* swarm* breed breeding bred inbred illegals illegal_aliens terrorist*
            rapist* rapists criminals thieves pedophile* paedophile* pedos pedo groomer* degenerate* perver* abomination* unnatural mentally_ill sick_people
            low_iq brainwash* backward* replace_us taking_over go_back go_home belong_in belongs_in get_out kick_out keep_out ban_all deport* wipe_out wiped_out
            get_rid exterminat* eradicat* cleanse* gas_the gas_chamber hang_them not_human less_than second_class don't_belong inferiority irrational submissive
            obey
            ungeziefer untermensch* dreck dreckig* abschaum minderwertig* tiere wilde verbrecher* vergewaltiger* terroristen* seuche krebsgeschwür* plage raus_mit
            ausländer_raus abschieben* vergas* parasiten* primitiv* kriminell* sozialschmarotze* vermine* sous_hommes inférieur* animaux sauvage* barbare*
            violeur* terrorist* criminel* maladie* fléau* envahi* dehors dégage* rentre_chez rentrez_chez expuls* extermin* dégueulasse* répugnant* alimañas
            inferior* animales salvaje* violador* terrorista* criminal* plaga* cáncer* enferm* invasor* invad* fuera_de fuera_los lárg* largu* deportar*
            sucios sucias asqueroso* vermes animais selvage* bandid* estuprador* doença* praga* câncer* fora_com imund* suj* podre* parassit* animali
            selvagg* stuprator* malatti* cancro* invas* tornate_a via_da sporc* feccia* ongedierte* minderwaardig* beesten barbaren* verkrachter* crimineel*
            criminelen* ziekte* plaag* kanker* oprotten* rot_op terug_naar vies* robactw* podludzi* zwierzęt* dzicz* gwałciciel* bandyt* zaraza* inwazj* wynocha*
            wypierdal* brudn* gorsz* нелюд* недочеловек* животн* дикар* варвар* насильник* преступник* террорист* зараза* чума* паразит* понаех* вон_из убирай*
            грязн* выродк* низш*
            حشرات صراصير قذر* الأنجاس ارهابي* إرهابي* مجرم* مغتصب* سرطان* طاعون* متوحش* همج* اطردوا ارحلوا نجس* أدنى حثالة* कीड़े जानवर* गंदे गंदी आतंकवादी*
            आतंकी* बलात्कारी* अपराधी* देश_छोड़ो भगाओ नीच* राक्षस* दरिंदे* keede janwar* gande aatankwadi* aatanki* balatkari* neech* 害虫 蛆虫 野蛮 野人 畜牲 强奸犯 罪犯 恐怖分子 癌症
            瘟疫 毒瘤 滚回 滚出去 驱逐 肮脏 低贱 劣等民族 不配 传染病 猴子 恶魔 蟑螂 老鼠 ゴキブリ 劣等 犯罪者 強姦魔 出ていけ 帰れ 追い出 민족성* 열등* 미개* 더럽* 더러운 범죄자* 강간범* 바퀴벌레* 추방* 몰아내* 짐승* 악마* iblis* binatang*
            najis* kotor* teroris* pemerkosa* penjahat* usir* rendahan* hạ_đẳng dơ_bẩn thú_vật khủng_bố tội_phạm cút_về cút_đi hayop* salot* marumi* kriminal*
            terorista* böcek* haşere* aşağılık* terörist* tecavüzcü* suçlu* kanser* defol* sınır_dışı vahşi*
            """),
        (HarmConcept.Group, """
            women woman female females girls girl wife wives feminist* feminism muslim* moslem* islam islamic islamist* jew jews jewish zionist* blacks african*
            white_people whites asian asians chinese mexican* latino* latina* hispanic* indian indians arab arabs arabic immigrant* migrant* refugee* foreigner*
            gay gays lesbian* homosexual* bisexual* transgender* trans transsexual* lgbt* disabled handicapped autistic christian* catholic* atheist* hindu* sikh*
            buddhist* gypsies gypsy roma democrats republicans liberals leftists conservatives elderly boomers millennial* poor_people homeless hillbillies
            natives aborigin* europeans americans russians ukrainians israel* palestin* these_people those_people men males
            frauen weiber ausländer* flüchtling* migranten* juden moslem* muslime* schwarze schwule* lesben* behinderte* zigeuner türken araber flüchtlinge
            asylanten* femmes musulman* juif* juive* noirs arabes immigré* migrants étrangers réfugiés homosexuel* gays lesbiennes handicapé* gitans roms mujeres
            judí* negros árabes inmigrantes migrantes extranjer* refugiad* homosexual* gais lesbianas discapacitad* gitan* indígenas mulheres muçulman* judeus
            imigrantes estrangeir* deficientes nordestin* donne femmine ebrei neri immigrati migranti stranieri profughi omosessual* disabili rom vrouwen moslims
            joden zwarten allochtonen* buitenlanders* vluchtelingen* homo's gehandicapt* marokkanen* turken kobiet* muzułman* żyd* murzyn* imigrant* uchodźc*
            homoseksual* gejów geje lesbij* niepełnospraw* romów ukraiń* женщин* баб бабы мусульман* евре* негр* мигрант* беженц* гей геи лесбиян* инвалид* цыган*
            чёрн* кавказц* таджик*
            kadın* karılar müslüman* yahudi* siyahi* göçmen* mülteci* suriyeli* eşcinsel* lezbiyen* engelli* kürt* ermeni* arap* النساء نساء المرأة المسلم* اليهود
            يهود السود الأفارقة المهاجر* اللاجئ* المثلي* المعاق* المسيحي* النصارى الشيعة السنة महिला* औरत* औरतें मुसलमान* मुस्लिम* हिंदू* यहूदी* दलित* समलैंगिक*
            विकलांग* शरणार्थी* ईसाई* लड़किया* aurat* muslim* hindu* dalit* 女人 女性 穆斯林 犹太人 黑人 白人 同性恋 残疾人 移民 难民 外国人 日本人 韩国人 印度人 女权 变性人 外地人 河南人 老人 黒人 朝鮮人 韓国人 中国人 在日
            同性愛者 障害者 여자들* 여성* 흑인* 무슬림* 동성애자* 게이* 장애인* 난민* 외국인* 중국인* 일본인* 노인* 이주* perempuan* wanita* kulit_hitam imigran* pengungsi* orang_cina homoseksual* phụ_nữ
            đàn_bà người_da hồi_giáo do_thái đồng_tính người_tàu tị_nạn kababaihan* babae* dayuhan*
            """),
        (HarmConcept.You, """
            you ur your yours yourself you're youre yall y'all du dich dir dein* ihr euch tu toi te vous t'es tú vos ustedes eres você voce vc sei voi siete jij
            je jullie ben ty ciebie ты тебя тебе вы вас sen siz sana انت أنت انتم أنتم تم तू तुम तुझे तेरी तेरा tum tujhe teri tera 你 你们 お前 おまえ あんた 너희 kamu kau
            bọn_mày chúng_mày ikaw kayo he she they him her them this_guy this_man this_woman
            """),
        (HarmConcept.Hate, """
            hate hates hated hating despise* loathe* detest* can't_stand sick_of tired_of fuck_you fuck_off screw_you shut_up shut_the shutup to_hell get_lost
            drop_dead kill_yourself kys eat_shit kiss_my bite_me go_die burn_in rot_in disgust* ashamed hasse* hass halt_die halts_maul fresse verpiss_dich
            deteste* hais hait ta_gueule ferme_la casse_toi va_te odio odia* detesto cállate callate lárgate vete_a muérete odeio cala_a vai_se vai_te morra
            vi_odio crepa* muori zitto taci haat haten hou_je rot_toch val_dood nienawidz* zamknij_się spierdalaj* zdychaj* ненавиж* заткни* пошёл_ты пошел_на
            иди_на сдохни* nefret* kapa_çeneni geber* defol اكره أكره كراهية اخرس انقلع اذهب_إلى نفرت* नफरत* नफ़रत* चुप_रहो मर_जा nafrat* chup mar_ja 讨厌 憎恨 闭嘴 去死
            嫌い 大嫌い 黙れ 消えろ 싫어* 혐오* 입닥* 꺼져 benci* diam_kau pergi_kau căm_ghét ghét câm_mồm im_mồm biến_đi manahimik*
            """),
    ];
}
