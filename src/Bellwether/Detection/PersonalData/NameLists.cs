namespace Bellwether.Detection;

/// <summary>
/// A small gazetteer of our own: frequent given names and surnames of about thirty languages, in lower case and without accents.
/// It is deliberately small; names are found mostly by what stands around them.
/// </summary>
internal static class NameLists
{
    public static readonly WordTable Given = Set("""
        jane gina annie cindy clara ellen eleanor erica erika fiona gail georgina helena josephine louise lydia mabel marjorie naomi nora pauline penelope phoebe rosie roxanne sabrina stella wanda
        colin clive duncan francis geoffrey gilbert hugh jake julian leon mike nigel rick rodney rupert stuart ted theodore tom tommy xavier
        james john mark robert michael william david richard joseph thomas charles christopher daniel matthew anthony donald steven steve paul andrew andy joshua kenneth kevin brian george edward ronald timothy tim jason jeffrey jeff
        ryan jacob gary nicholas nick eric jonathan stephen larry justin scott brandon benjamin ben samuel sam gregory greg alexander alex patrick jack dennis jerry tyler aaron jose henry adam douglas nathan peter zachary kyle
        walter harold jeremy ethan carl keith roger gerald christian terry sean arthur austin noah lawrence jesse joe bryan billy bruce albert willie gabriel logan alan juan wayne roy ralph randy eugene vincent russell louis
        elisabeth lisbeth alfred arnold ernest edgar edwin elmer floyd gordon herbert howard ian jared jay jerome jimmy jon jordan karla kristen kristin kurt lewis lloyd lori lorraine lynn marcia marion marvin max mateo maurice milton mitchell morgan neil nina norma norman oscar penny perry phillip phyllis priscilla ray rita roland ross sally sheila sherry shane sidney simon sylvia terri tina toby tony tracey travis trevor troy vera vernon vicki vivian wallace wesley wilma yolanda yvonne andre armando arturo cesar esteban gerardo hector julio leonel marcos mauricio nestor ramiro rodrigo salvador tomas adriana alejandra alicia amparo angelica antonia asuncion aurora blanca carla carolina cecilia concepcion consuelo encarnacion esperanza esther estefania eugenia eva fabiola graciela inmaculada irma leonor lidia lola lorena luisa luz magdalena marina marisol miriam natividad noelia rebeca remedios rosalia sonia susana tamara ximena
        philip bobby johnny bradley dylan oliver leo liam mason lucas elijah caleb isaac luke owen connor evan gavin derek craig shawn todd chad brad marcus victor martin leonard stanley glenn warren clifford harry fred frederick
        mary patricia jennifer linda elizabeth barbara susan jessica sarah karen nancy lisa margaret betty sandra ashley dorothy kimberly emily donna michelle carol amanda melissa deborah stephanie rebecca laura sharon cynthia
        kathleen amy shirley angela helen anna brenda pamela nicole ruth katherine samantha christine emma catherine debra virginia rachel carolyn janet maria heather diane julie joyce victoria kelly christina lauren joan evelyn
        olivia judith megan cheryl andrea hannah martha jacqueline frances gloria ann teresa kathryn sara janice jean alice madison doris abigail julia judy denise beverly amber theresa marilyn danielle diana brittany natalie
        sophia isabella charlotte mia amelia harper ella chloe zoe lily ellie claire lucy audrey caroline molly paige erin tiffany tara holly tracy stacy wendy monica veronica vanessa melanie leslie jill robin kate katie jenny
        hans klaus juergen jurgen wolfgang dieter uwe bernd frank ralf stefan thorsten torsten markus andreas matthias sven jens lars tobias sebastian florian felix maximilian jonas lukas finn rainer karl heinz gunther manfred helmut
        petra sabine monika renate ursula brigitte heike karin gabriele birgit claudia susanne ingrid angelika katrin silke anja tanja nadine katharina johanna lena greta heidi anke ulrike elke kerstin
        jean pierre michel philippe alain nicolas christophe laurent francois jacques julien antoine guillaume olivier thierry pascal sebastien benoit mathieu maxime hugo louis etienne yves rene luc marc didier bruno gilles
        marie nathalie isabelle sylvie catherine martine francoise valerie sandrine celine sophie aurelie camille manon lea chloe juliette amelie elodie brigitte monique helene anne margaux delphine corinne veronique
        antonio manuel francisco javier carlos miguel rafael pedro angel alejandro fernando sergio pablo jorge alberto luis alvaro raul enrique ramon vicente ruben andres joaquin diego ignacio santiago eduardo ricardo roberto jaime
        carmen josefa isabel dolores pilar teresa ana francisca cristina marta lucia mercedes elena rosario raquel manuela beatriz nuria silvia irene montserrat alba rocio paula ines sofia valentina camila gabriela daniela mariana guadalupe
        jordi josep pere joan montse carme nuria elisabet merce giuseppe giovanni mario luigi francesco angelo vincenzo salvatore giorgio alessandro andrea matteo lorenzo davide simone marco luca stefano paolo fabio massimo enzo dario
        chiara giulia francesca federica sara martina valentina alessandra silvia elisa paola rosa caterina giovanna lucia bianca joao paulo tiago diogo rui nuno goncalo vasco bruno luiz gustavo thiago felipe leandro marcelo mateus
        ines catarina joana mariana margarida beatriz fernanda juliana larissa leticia jan piet willem hendrik johannes cornelis dirk pieter bas sander jeroen maarten joost petronella catharina johanna anneke marieke femke sanne
        erik anders per olof nils bjorn magnus gustav mikael johan karl sven birgitta ingrid kristina astrid elin maja freja mette hanne kirsten soren jorgen mads rasmus ole kari liv ola olav juha mikko antti matti timo pekka tuula
        andrzej piotr krzysztof stanislaw tomasz pawel marcin marek grzegorz jozef jerzy tadeusz adam lukasz zbigniew jakub malgorzata katarzyna agnieszka ewa krystyna zofia jadwiga danuta irena halina joanna beata dorota
        ivan alexei aleksei sergei dmitri dmitry mikhail nikolai vladimir andrei yuri igor oleg boris pavel natalia natalya tatiana olga svetlana irina ekaterina elena galina lyudmila anastasia oksana vasyl mykola petro
        иван алексей сергей дмитрий михаил николай владимир андрей юрий игорь олег борис павел александр максим виктор евгений наталья татьяна ольга светлана ирина екатерина елена галина людмила анастасия мария анна юлия марина георги
        mohammed muhammad mohamed ahmed ahmad ali hassan hussein omar khalid ibrahim yusuf youssef mahmoud mustafa karim tariq bilal fatima aisha khadija maryam layla leila zainab amina noor samira yasmin rania nadia huda
        عمر حسن خالد محمد أحمد علي إبراهيم يوسف فاطمة عائشة زينب ليلى مريم محمود حسين سارة نور
        mehmet ahmet mustafa huseyin hasan ismail osman murat emre burak can fatma ayse emine hatice zeynep elif merve esra gunel elcin turkan konul nigar nermin farid orxan kamran
        raj rahul amit suresh ramesh sanjay vijay anil sunil deepak rajesh vikram arjun arun ravi krishna mohan pradeep dinesh prakash priya pooja neha anjali sunita kavita meera lakshmi sita gita uma kamala ritu shyam ram narayan laxmi parvati durga nirmala kamal
        kumari dilani chaminda nuwan ruwan ashan samanthi nirosha sanduni thabo sipho sibusiso themba nomvula zanele thandeka lindiwe nokuthula nozipho bhekisisa dumisani chinedu emeka ngozi chioma kwame kofi ama abena wanjiku kamau
        hiroshi takashi kenji yuki haruka sakura hina miku nanami kenta daiki yuko keiko akira makoto naoki takuya kazuo wei ming jing li-na xiaoming hui lei yan fang min-jun ji-hoon seo-yeon jisoo minho hyun somchai somsak prasit supattra ratana kanya wanida pichit
        nguyen linh thao hanh mai duc phong yen lan huong minh tuan dewi siti budi agus eko hendrik yuli sri dedi ani putri rizky wayan nyoman besnik arben dritan agim teuta valbona lindita drita flutura gezim aferdita shkelqim mirela elira artan
        janis andris karlis edgars raivis martins arturs valdis inese ilze ieva kristine liga dace rhys owain iwan huw emyr dafydd carys cerys ffion angharad megan seren nia gwen sian siobhan aoife niamh saoirse ciaran padraig eoin
        georgios dimitrios konstantinos yannis nikos eleni katerina sofia despina vasiliki laszlo istvan jozsef zoltan ferenc gabor katalin zsuzsanna ildiko ion gheorghe vasile andrei mihai ioana elena ana-maria bogdan radu
        """);

    /// <summary>Given names that are words, months or places too: they need a surname that is known.</summary>
    public static readonly WordTable Ambiguous = Set("""
        clara stella duncan leon gilbert francis
        will mark may grace rose hope faith art bill jordan chase summer april june august dawn joy drew grant lane dean frank rich pat rob sue virginia georgia carolina florence sydney paris austin dallas houston charlotte israel
        madison lincoln washington jackson santiago san don jean can noor amber ruby crystal lily violet olive iris heather holly ivy jasmine sandy rocky cliff dale glen rusty sunny christian angel ram mason harper logan hunter parker taylor
        carter cooper mercedes dolores rosario pilar ali uma lan min mai ama ani eva ola lea per bas jan sri noah tara chad java ruby max jack harry robin case guy miles chance rhys victor leo angelo major king duke prince martin
        """);

    public static readonly WordTable Surnames = Set("""
        doe smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez lopez gonzalez wilson anderson thomas taylor moore jackson martin lee perez thompson white harris sanchez clark ramirez lewis robinson walker
        young allen king wright scott torres nguyen hill flores green adams nelson baker hall rivera campbell mitchell carter roberts gomez phillips evans turner diaz parker cruz edwards collins reyes stewart morris morales murphy cook
        rogers gutierrez ortiz morgan cooper peterson bailey reed kelly howard ramos kim cox ward richardson watson brooks chavez wood james bennett gray mendoza ruiz hughes price alvarez castillo sanders patel myers long ross foster jimenez
        powell jenkins perry russell sullivan bell coleman butler henderson barnes fisher vasquez simmons romero jordan patterson alexander hamilton graham reynolds griffin wallace moreno west cole hayes bryant herrera gibson ellis tran medina
        muller mueller schmidt schneider fischer weber meyer wagner becker schulz hoffmann schafer koch bauer richter klein wolf schroder neumann schwarz zimmermann braun kruger hofmann hartmann lange werner krause lehmann maier kohler
        martin bernard dubois thomas robert richard petit durand leroy moreau simon laurent lefebvre lefevre michel bertrand roux vincent fournier morel girard andre mercier dupont lambert bonnet francois fontaine rousseau garnier faure
        fernandez gonzález suarez alonso navarro dominguez vazquez ramos gil serrano blanco molina castro ortega rubio marin sanz iglesias nunez medina garrido cortes castillo santos lozano guerrero cano prieto calvo gallego vidal ferrer soler vila serra font puig
        rossi russo ferrari esposito bianchi romano colombo ricci marino greco bruno gallo conti costa giordano mancini rizzo lombardi moretti barbieri fontana santoro silva santos ferreira pereira oliveira souza rodrigues almeida carvalho gomes ribeiro lopes martins
        jong jansen vries berg bakker janssen visser smit meijer boer mulder groot bos vos peters hendriks dekker brouwer johansson andersson karlsson nilsson eriksson larsson olsson persson svensson gustafsson jonsson lindberg hansen jensen nielsen pedersen andersen larsen
        nowak kowalski wisniewski wojcik kowalczyk kaminski lewandowski zielinski szymanski wozniak kozlowski novak horvat ivanov petrov sidorov smirnov kuznetsov popov volkov sokolov morozov lebedev
        иванов петров сидоров смирнов кузнецов попов волков соколов морозов лебедев иванова петрова смирнова кузнецова волкова соколова
        yilmaz kaya demir celik sahin yildiz ozturk aydin ozdemir arslan dogan kilic aslan koc khan ahmed hussain hassan ali shah singh kumar sharma verma gupta mehta joshi reddy rao nair agarwal chauhan patel iyer das shrestha thapa gurung rai magar tamang adhikari khadka rijal
        perera fernando silva dissanayake jayawardena rathnayake wickramasinghe gunawardena nkosi dlamini ndlovu khumalo zulu mkhize cele mthembu zwane okafor adeyemi mensah osei mwangi otieno
        tanaka suzuki sato takahashi watanabe ito yamamoto nakamura kobayashi kato yoshida yamada sasaki matsumoto inoue kimura hayashi chen wang li zhang liu yang huang zhao wu zhou xu sun zhu lin guo park choi jung kang cho yoon
        tran le pham hoang phan vu dang bui do ho ngo duong wijaya saputra hidayat setiawan kusuma wibowo prasetyo gunawan hartono sutanto suharto hoxha shehu krasniqi gashi berisha rama leka dervishi topalli babayev aliyev mammadov huseynov quliyev
        kalnins ozols balodis berzins jansons liepins jones davies evans griffiths roberts owen lloyd pugh o'brien o'connor o'neill murphy ryan walsh byrne kelly papadopoulos nagy kovacs toth szabo horvath popescu ionescu popa cohen levy mizrahi
        """);

    /// <summary>Capitalised words that end or spoil a name.</summary>
    public static readonly WordTable NotNames = Set("""
        the a an this that these those it he she we they you i in on at to for from by with and or but if when while where what who why how is are was were be been do does did has have had can could will would shall should may might must not no yes
        please thanks thank dear hello hi hey regards sincerely best kind note also then there here now today tomorrow yesterday monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october november december
        street st avenue ave road rd lane drive boulevard square park river lake mountain mount island city county state university college school institute hospital clinic center centre department office bank company corp corporation inc llc ltd gmbh plc group partners
        labs laboratories systems solutions technologies technology industries enterprises holdings services international global national federal general united states kingdom republic union association foundation committee council ministry government church museum airport station
        prize award act bill law code language theorem equation model method syndrome disease score test scale index type version chapter section article table figure page phase stage level class order email e-mail phone mobile tel telephone fax address name date birth dob ssn id number account card iban swift
        employee patient customer user client manager director president ceo cto cfo doctor professor nurse agent officer minister secretary queen pope saint north south east west new old great grand first second third one two three four five six seven eight nine ten
        english french german spanish italian portuguese russian chinese japanese korean arabic american british european african asian python java javascript google microsoft amazon apple facebook openai windows linux android
        edad sexo fecha nombre apellidos domicilio localidad provincia nhc cp pais médico medico servicio hospital calle avenida paciente nº nºcol ncol ncolegiado col episodio asegurado nass historia informe clinica cirugia urgencias centro motivo antecedentes
        session alert device contact reference status policy diagnosis treatment invoice total amount employer organization org department title position role salary wages provider insurance system assistant said says
        """);

    /// <summary>Words that stand before a name and belong to it.</summary>
    public static readonly WordTable Titles = Set(
        "mr mrs ms miss mx dr prof professor sir madam sr sra srta don doña dona dra señor señora herr frau mme mlle monsieur madame sig signor signora dott dott.ssa mevrouw meneer dhr mevr pan pani shri smt judge rev reverend sgt capt lt col");

    // The most frequent surnames of Chinese, Japanese (written with two or more characters, here the first two) and Korean.
    public const string ChineseSurnames = "王李张張刘劉陈陳杨楊赵趙黄黃周吴吳徐孙孫胡朱高林何郭马馬罗羅梁宋郑鄭谢謝韩韓唐冯馮于董萧程曹袁邓鄧许許傅沈曾彭吕呂苏蘇卢盧蒋蔡贾丁魏薛叶葉阎余潘杜戴夏锺汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文";
    public const string KoreanSurnames = "김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노하곽성차주우구";
    public static readonly WordTable JapaneseSurnames = Set(
        "佐藤 鈴木 高橋 田中 伊藤 渡辺 渡邊 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村 林 斎藤 斉藤 清水 山崎 森 池田 橋本 阿部 石川 山下 中島 石井 小川 前田 岡田 長谷川 藤田 後藤 近藤 村上 遠藤 青木 坂本 福田 太田 西村 藤井 金子 岡本 三浦 中野 原田 松田 竹内 小野 中山 石田 森田 上田 原 柴田 酒井");

    private static WordTable Set(string words) =>
        WordTable.Set(words.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries), ignoresCase: false);
}
