using System.Collections.Frozen;

namespace Bellwether.Quality;

/// <summary>The most frequent words of languages that share a script, and letters that only some of them have.</summary>
internal static class Profiles
{
    private static readonly (string Code, string Words, string Letters)[] s_all =
    [
        ("en", "the of and to in is that it for was on are as with they be at this have from or by not but what all were we when your can there an which their if will how about out many then them these so some would like into has more two see could no make than been its now people did get you he she his her my me do does should", ""),
        ("de", "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über so zum war haben nur oder aber vor zur bis mehr durch man kann wenn ich wir ihr du was können einen eines", "ßäöü"),
        ("fr", "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont avec son elle nous vous mais ou comme tout aux cette ses être fait sa leur bien je tu lui ils on où dont peut c'est d'une l'on très", "çèêœùâî"),
        ("es", "de la que el en y a los se del las un por con no una su para es al lo como más o pero sus le ha me si sin sobre este ya entre cuando todo esta ser son dos también fue había era muy hasta desde está mi porque qué sólo han yo hay vez puede", "ñ¿¡"),
        ("pt", "de a o que e do da em um para com não uma os no se na por mais as dos como mas ao ele das à seu sua ou quando muito nos já eu também só pelo pela até isso ela entre depois sem mesmo aos seus quem nas me esse eles você essa num nem suas meu às minha são está", "ãõ"),
        ("it", "di e il la che in un a per è una sono con non del si da come le dei nel alla più anche i al gli della ha ma questo lo o se mi su delle cosa dell essere loro quando questa tutto molto perché dal ci sua suo stato fatto ancora può degli io tra cui", "òì"),
        ("nl", "de het een en van ik te dat die in is niet zijn op aan met als voor er maar om hem dan zou of wat mijn men dit zo door over ze zich bij ook tot je mij uit daar naar heb hoe heeft hebben deze want nog zal me zij nu kan wordt worden deze geen", "ĳ"),
        ("pl", "w i na się z do to że nie o jest jak po co tak za od ale czy przez dla był przy może już tylko jego jej ich ze oraz lub być ma tego są które który która tym ten bardzo także także jako można gdy", "ąęłńśźż"),
        ("cs", "a se v na je že o s z do i to k ve pro za by ale si po jako od jsou byl jeho které který která nebo jen než co jak tak při už bylo být aby také mezi pokud jsme může této tento", "ěřů"),
        ("sk", "a sa v na je že o s z do i to k vo pre za by ale si po ako od sú bol jeho ktoré ktorý ktorá alebo len než čo tak pri už bolo byť aby tiež medzi ak sme môže tejto tento", "ľĺŕô"),
        ("sv", "och att det i en jag hon som han på den med var sig för så till är men ett om hade de av icke mig du henne då sin nu har inte hans honom skulle hennes där min man ej vid kunde något från ut när efter upp vi dem vara vad över än dig kan eller", "åäö"),
        ("da", "og i jeg det at en den til er som på de med han af for ikke der var mig sig men et har om vi min havde ham hun nu over da fra du ud sin dem os op man hans hvor eller hvad skal selv her alle vil blev kunne ind når være kan", "æø"),
        ("no", "og i jeg det at en den til er som på de med han av for ikke der var meg seg men et har om vi min hadde ham hun nå over da fra du ut sin dem oss opp man hans hvor eller hva skal selv her alle vil ble kunne inn når være kan blir", "æø"),
        ("fi", "ja on ei että se hän oli mutta ovat kun joka mitä niin tai jos kuin myös vain sen ole minä olen sinä tämä ne voi ollut siitä joita jotka mukaan kanssa vielä hänen nyt mikä sitä voit ovat sekä", "äö"),
        ("tr", "bir ve bu da de için ile çok o ne gibi daha ama var ben en mi sen olarak olan kadar sonra her değil ya ki şey nasıl bunu böyle diye veya ise olduğu tarafından gün iyi", "ğış"),
        ("ro", "și de a la în cu nu o pe din că este mai pentru un ce care se să sunt dar ca sau au fi am ai acest această prin după fost lui dintre foarte când între poate către", "șțăî"),
        ("hu", "a az és hogy nem is egy ez volt de meg csak mint már ha van vagy még ki el azt sem lehet ezt akkor kell pedig minden mert nagyon olyan után között által amely", "őű"),
        ("vi", "và của là có cho không được trong một các những người với để này đã khi từ về như đó cũng bạn tôi hay nhiều vào ra thì nếu rất đến tại làm", "đơưạảấầẩậắằặẹẻẽếềểệỉịọỏốồổộớờởợụủứừửựỳỵỷỹ"),
        ("id", "yang dan di dengan untuk dari ini pada tidak itu adalah dalam akan ada ke juga saya oleh atau kita anda bisa dapat karena mereka seperti lebih telah sebagai banyak orang tersebut harus bahwa secara", ""),
        ("ru", "и в не на я что он с как это по но из у за то все так его от для бы же вы о был была было мы они она при или если ее когда только может уже чтобы есть также можно", "ыэё"),
        ("uk", "і в не на я що він з як це по але із у за то всі так його від для би ж ви про був була було ми вони вона при або якщо її коли тільки може вже щоб є також можна та й", "їєґ"),
        ("bg", "и в не на аз че той с как това по но от за то се да си е са ще ги му ли или ако когато само може вече има също което които която при през след бъде беше този тази", ""),
        ("ar", "في من على إلى أن هذا هذه التي الذي كان مع عن ما لا هو هي أو كل قد ذلك بين يمكن لم كما بعد قبل حتى عند إن ولا أنا", "ةى"),
        ("fa", "در از به که این را با است برای آن یک هم ها می شود خود تا بر یا ما او شد اگر باید دارد کند نیز بود هر", "پچژگ"),
    ];

    public static readonly string[] Codes = [.. s_all.Select(profile => profile.Code)];

    /// <summary>The languages of a word, a bit for each.</summary>
    public static readonly FrozenDictionary<uint, uint> Words = s_all
        .SelectMany((profile, at) => profile.Words.Split(' ').Distinct(StringComparer.Ordinal).Select(word => (Hash: WordList.Hash(word), Bit: 1u << at)))
        .GroupBy(entry => entry.Hash).ToFrozenDictionary(group => group.Key, group => group.Aggregate(0u, (bits, entry) => bits | entry.Bit));

    private static readonly FrozenDictionary<char, uint> s_letters = s_all.SelectMany((profile, at) => profile.Letters.Select(letter => (letter, Bit: 1u << at)))
        .GroupBy(entry => entry.letter).ToFrozenDictionary(group => group.Key, group => group.Aggregate(0u, (bits, entry) => bits | entry.Bit));

    /// <summary>Adds a little for languages that have a letter which most do not.</summary>
    public static void Letter(char c, Span<float> votes)
    {
        if (c < 128 || !s_letters.TryGetValue(char.ToLowerInvariant(c), out var languages)) { return; }
        var share = 0.3f / System.Numerics.BitOperations.PopCount(languages);
        for (var language = 0; languages != 0; language++, languages >>= 1) { votes[language] += (languages & 1) * share; }
    }
}
