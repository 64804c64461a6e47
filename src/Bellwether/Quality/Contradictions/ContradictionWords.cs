using System.Collections.Frozen;

namespace Bellwether.Quality;

/// <summary>What a word may turn around or stand in for.</summary>
internal enum ClaimMark : byte { None, Negation, Lack, Pole, Unit, Month, Day, Joiner, Passive, Only, Rather, But, Plain }

/// <param name="Group">Of poles: which pair of opposites; of a unit, month or day: which one.</param>
/// <param name="IsSecond">The second of two opposites.</param>
internal readonly record struct MarkedWord(ClaimMark Mark, int Group = 0, bool IsSecond = false);

/// <summary>
/// Words in which a claim can say the opposite of its source while all others are the same: negations, opposites, units, months, days of the week. English, German, French, Spanish,
/// Italian, Portuguese and Dutch; negations of some more.
/// </summary>
internal static class ContradictionWords
{
    // "No more", "nicht mehr", "no más": part of the negation before it.
    public static readonly int MoreGroup = 12;

    private static readonly FrozenDictionary<uint, MarkedWord> s_exact = Exact();
    private static readonly FrozenDictionary<uint, MarkedWord> s_stems = Stems();
    private static readonly FrozenDictionary<uint, uint> s_numbers = Numbers();

    public static MarkedWord Of(in Word word) =>
        s_exact.TryGetValue(word.Exact, out var exact) && FitsCase(exact, word) ? exact : s_stems.GetValueOrDefault(word.Stem);

    /// <summary>A stem that equal numbers share, in digits or in words; 0 for what is no number.</summary>
    public static uint NumberOf(in Word word) => word.Kind.HasFlag(WordKind.Number) ? word.Stem : s_numbers.GetValueOrDefault(word.Exact);

    // "may" and "march" are verbs, "Mai" is a month where it has a capital and Italian for never where it has none.
    private static bool FitsCase(MarkedWord marked, in Word word) => marked.Mark != ClaimMark.Month || word.Kind.HasFlag(WordKind.Capital) || marked.IsSecond;

    private static FrozenDictionary<uint, MarkedWord> Exact()
    {
        var words = new Dictionary<uint, MarkedWord>();
        Add("""
            not no never none nobody nothing neither nor cannot n't can't don't doesn't didn't isn't aren't wasn't weren't won't wouldn't couldn't shouldn't hasn't haven't hadn't mustn't dont doesnt isnt cant hardly
            nicht kein keine keinen keinem keiner keines nie niemals weder nirgends nichts niemand pas jamais aucun aucune rien ninguno ningún ninguna nunca jamás tampoco nada nadie non mai nessun nessuno nessuna niente
            não nem nenhum nenhuma ninguém niet geen nooit niemand inte aldrig ikke aldri ei nie nigdy nikt не нет никогда ни нельзя değil yok hiç không chưa tidak bukan belum لا ليس ليست لم لن नहीं
            """, new(ClaimMark.Negation));
        Add("without except excluding ohne außer ausser sans sauf hormis sin excepto salvo senza eccetto tranne sem exceto zonder behalve utan uten bez без кроме tanpa بدون बिना", new(ClaimMark.Lack));
        Add("only just merely nur bloß seulement solo solamente sólo só apenas soltanto alleen", new(ClaimMark.Only));
        Add("sondern sino bensì rather", new(ClaimMark.Rather));
        Add("but while whereas whilst although though aber während wohingegen obwohl mais tandis pero mientras aunque ma mentre mas enquanto embora maar terwijl", new(ClaimMark.But));
        Add("always ever longer still already also even any both either immer noch schon auch sogar toujours encore déjà aussi siempre todavía ya también sempre ancora già anche ainda também altijd nog ook is are was were be been ist sind war waren wird werden wurde est sont était es son está están fue è sono era é são foi zijn wordt", new(ClaimMark.Plain));
        Add("and or und oder et ou y o u e ed en of as than like wie als comme como come", new(ClaimMark.Joiner));
        Add("by von vom durch par por por da dal dalla dallo pelo pela door", new(ClaimMark.Passive));
        string[] months =
        [
            "january januar janvier enero gennaio janeiro januari", "february februar février febrero febbraio fevereiro februari", "march märz marzo março maart", "april avril abril aprile", "may mai mayo maggio maio mei",
            "june juni juin junio giugno junho", "july juli juillet julio luglio julho", "august août agosto augustus", "september septembre septiembre settembre setembro", "october oktober octobre octubre ottobre outubro",
            "november novembre noviembre novembro", "december dezember décembre diciembre dicembre dezembro",
        ];
        for (var month = 0; month < months.Length; month++)
        {
            foreach (var word in months[month].Split(' ')) { words[WordList.Hash(word)] = new(ClaimMark.Month, month, word is not ("may" or "march" or "mai")); }
        }
        string[] days =
        [
            "monday mondays montag montags lundi lunes lunedì maandag", "tuesday tuesdays dienstag dienstags mardi martes martedì dinsdag", "wednesday wednesdays mittwoch mittwochs mercredi miércoles mercoledì woensdag",
            "thursday thursdays donnerstag donnerstags jeudi jueves giovedì donderdag", "friday fridays freitag freitags vendredi viernes venerdì vrijdag", "saturday saturdays samstag samstags sonnabend samedi sábado sábados sabato zaterdag",
            "sunday sundays sonntag sonntags dimanche domingo domingos domenica zondag",
        ];
        for (var day = 0; day < days.Length; day++) { Add(days[day], new(ClaimMark.Day, day)); }
        return words.ToFrozenDictionary();

        void Add(string list, MarkedWord marked)
        {
            foreach (var word in list.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)) { words.TryAdd(WordList.Hash(word), marked); }
        }
    }

    private static FrozenDictionary<uint, MarkedWord> Stems()
    {
        (string First, string Second)[] opposites =
        [
            ("""
             increase increasing increased rise rises rising rose risen grow grew grown growing raise raised raising climb climbed gain gained steigen steigt stieg stiegen gestiegen erhöht erhöhen erhöhte wächst wuchs gewachsen
             augmente augmenté augmentée augmentent hausse monté aumenta aumentó aumentaron aumentado subió subieron sube creció crecieron aumentato aumentata cresce cresciuto aumentou aumentaram cresceu gestegen stijgt
             """,
             """
             decrease decreasing decreased fall falls fell fallen falling decline declined declining drop dropped dropping reduce reduced reducing shrink shrank shrunk lower lowered lowering sinken sinkt sank sanken gesunken gefallen fällt fiel
             verringert verringern diminue diminué diminuée diminuent baisse baissé disminuye disminuyó disminuyeron disminuido bajó bajaron baja reducido diminuito diminuisce calato sceso diminuiu diminuíram caiu caíram gedaald daalt
             """),
            ("before vor avant antes prima voor vóór", "after nach après después dopo depois na"),
            ("""
             allow allowed allowing permit permitted permitting permissible erlaubt erlauben gestattet zulässig autorisé autorisée permis permise permitido permitida autorizado permesso consentito toegestaan
             """,
             """
             forbid forbidden forbids prohibit prohibited prohibiting ban banned disallowed verboten untersagt unzulässig interdit interdite défendu prohibido prohibida vietado vietata proibido proibida verboden
             """),
            ("minimum min minimal lowest least mindestens mindest wenigstens mínimo mínima minimo minima", "maximum max maximal highest most höchstens máximo máxima massimo massima"),
            ("open opens opened opening öffnet geöffnet offen öffnen ouvre ouvert ouverte ouvrent abre abierto abierta abren apre aperto aperta aberto aberta open geopend", "close closes closed closing schließt geschlossen ferme fermé fermée ferment cierra cerrado cerrada cierran chiude chiuso chiusa fecha fechado fechada gesloten"),
            ("include included including inclusive inbegriffen enthalten inclus compris incluye incluido incluida incluso inclusa incluído", "exclude excluded excluding exclusive ausgeschlossen exclu exclue excluye excluido excluida escluso esclusa excluído"),
            ("enable enabled enabling activate activated aktiviert aktivieren activé activer activado activar attivato attivare ativado", "disable disabled disabling deactivate deactivated deaktiviert deaktivieren désactivé désactiver desactivado desactivar disattivato desativado"),
            ("accept accepted accepting approve approved akzeptiert angenommen genehmigt accepté acceptée acepta aceptado aceptada aprobado accettato aceito aprovado", "reject rejected rejecting deny denied refuse refused abgelehnt lehnt refusé refusée rejeté rechaza rechazado rechazada rifiutato rejeitado recusado"),
            ("supported available valid possible legal safe limited known paid able stable verfügbar gültig möglich disponible valide possible valido", "unsupported unavailable invalid impossible illegal unsafe unlimited unknown unpaid unable unstable ungültig unmöglich indisponible invalide"),
            ("required mandatory compulsory obligatory verpflichtend pflicht obligatorisch vorgeschrieben obligatoire obligatorio obligatoria obbligatorio obrigatório verplicht", "optional voluntary freiwillig facultatif facultative optionnel opcional voluntario voluntaria facoltativo voluntário vrijwillig"),
            ("start starts started begin begins began beginning beginnt begann commence commencé commencer empieza comienza empezó inizia começa", "end ends ended finish finishes finished endet endete termine terminé finit termina acaba terminó finisce"),
            ("true correct right wahr richtig korrekt vrai correct verdadero correcto vero corretto correto", "false incorrect wrong falsch unwahr faux incorrect falso incorrecto scorretto incorreto errado"),
            ("more mehr plus más più mais meer", "less fewer weniger moins menos meno minder"),
            ("above over oberhalb über dessus encima sopra acima", "below under underneath unterhalb unter dessous debajo sotto abaixo"),
            ("north northern norden nördlich nord norte", "south southern süden südlich sud sur sul"), ("east eastern osten östlich este leste", "west western westen westlich ouest oeste"),
            ("left links gauche izquierda sinistra esquerda", "right rechts droite derecha destra direita"),
            ("first erste ersten erster erstes premier première primero primera primo prima primeiro primeira", "last letzte letzten letzter letztes dernier dernière último última ultimo ultima"),
            ("win wins won winning gewann gewonnen gewinnt gagne gagné ganó ganado gana vinto vince ganhou venceu", "lose loses lost losing verlor verloren verliert perd perdu perdió perdido pierde perso perde perdeu"),
            ("best better besser beste besten meilleur meilleure mieux mejor mejores migliore melhor", "worst worse schlechter schlechteste schlimmste pire pires peor peores peggiore pior"),
            ("large larger largest big bigger biggest groß größer größte grand grande grands grandes mayor mayores maggiore maior", "small smaller smallest little klein kleiner kleinste petit petite petits petites menor menores minore menor"),
            ("long longest lang länger längste longue", "short shorter shortest kurz kürzer kürzeste court courte corto corta curto"),
            ("high higher hoch höher haut haute élevé alto alta", "low niedrig niedriger tief bas basse bajo baja basso baixo"),
            ("hot warm heiß chaud chaude caliente caldo quente", "cold cool kalt froid froide frío fría freddo frio"), ("fast faster quick schnell schneller rapide rápido rápida veloce", "slow slower langsam langsamer lent lente lento lenta"),
            ("old older oldest alt älter älteste vieux vieille viejo vieja vecchio velho", "new newer newest young younger youngest neu neuer jünger jüngste nouveau nouvelle nuevo nueva nuovo novo"),
            ("early earlier früh früher tôt temprano presto cedo", "late later spät später tard tarde tardi"), ("success succeed succeeds succeeded erfolgreich réussi éxito riuscito sucesso", "failure fail fails failed gescheitert échoué fracasó fallito fracassou"),
            ("cheap cheaper cheapest billig günstiger cher barato económico economico", "expensive costly dearer teuer teurer coûteux caro costoso"), ("free kostenlos gratis gratuit gratuite gratuito gratuita", "paid kostenpflichtig payant payante pago pagamento"),
            ("buy buys bought purchase purchased kauft kaufte gekauft achète acheté compra compró comprado acquista comprou", "sell sells sold verkauft verkaufte vend vendu vende vendió vendido venduto vendeu"),
            ("male man men husband father son brother king mann männer vater sohn bruder homme père fils hombre padre hijo uomo figlio homem pai filho", "female woman women wife mother daughter sister queen frau frauen mutter tochter schwester femme mère fille mujer madre hija donna figlia mulher mãe filha"),
            ("all every each alle jeder jede tous toutes todos todas tutti tutte", "some einige manche quelques algunos algunas alcuni alguns"), ("day daytime tagsüber", "night nighttime nachts"), ("inside indoors innen drinnen dentro", "outside outdoors außen draußen fuera fuori fora"),
            ("positive positiv positif positivo", "negative negativ négatif negativo"), ("strong stronger stark stärker fort forte fuerte", "weak weaker schwach schwächer faible débil debole fraco"),
            ("public öffentlich publique público pubblico", "private privat privé privado privato"), ("import imports imported importiert", "export exports exported exportiert"), ("internal intern interne interno", "external extern externe externo"),
        ];
        var words = new Dictionary<uint, MarkedWord>();
        for (var group = 0; group < opposites.Length; group++)
        {
            Add(opposites[group].First, new(ClaimMark.Pole, group));
            Add(opposites[group].Second, new(ClaimMark.Pole, group, IsSecond: true));
        }
        string[] units =
        [
            "second seconds sekunde sekunden seconde segundo secondo", "minute minutes minuten minuto minuti", "hour hours stunde stunden heure heures hora ora ore uur", "day days tag tage tagen jour jours día dia giorno giorni dias dag dagen", "week weeks woche wochen semaine semana settimana settimane weken",
            "month months monat monate monaten mois mes meses mese mesi mês maand maanden", "year years jahr jahre jahren année années ans año anno anni ano jaar", "decade decades jahrzehnt jahrzehnte décennie década", "century centuries jahrhundert jahrhunderte siècle siglo secolo século",
            "mile miles meile meilen", "km kilometre kilometres kilometer kilometers kilometern kilomètre kilómetro chilometri quilômetro", "metre metres meter meters metern mètre metro metri", "cm centimetre centimeter zentimeter", "mm millimetre millimeter", "foot feet ft", "inch inches", "yard yards",
            "kg kilogram kilograms kilo kilos kilogramm", "gram grams gramm gramme", "mg milligram milligramm", "ton tons tonne tonnes tonnen", "pound pounds lb lbs pfund", "ounce ounces oz",
            "litre litres liter liters litern litro litri", "ml millilitre milliliter", "gallon gallons", "dollar dollars usd", "euro euros eur", "percent prozent percento porcentaje", "degree degrees celsius", "fahrenheit",
            "kb kilobyte", "mb megabyte", "gb gigabyte gigabytes", "tb terabyte", "hundred hundert", "thousand tausend", "million millions millionen", "billion billions milliarde milliarden milliard",
        ];
        for (var unit = 0; unit < units.Length; unit++) { Add(units[unit], new(ClaimMark.Unit, unit)); }
        return words.ToFrozenDictionary();

        void Add(string list, MarkedWord marked)
        {
            foreach (var word in list.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)) { words.TryAdd(WordList.StemOf(word), marked); }
        }
    }

    // English ones are numbers to the word list itself. "Once", "elf" and "sept" are other words in other languages.
    private static FrozenDictionary<uint, uint> Numbers()
    {
        string[] words =
        [
            "zwei deux dos due dois duas twee", "drei trois tres tre três drie", "vier quatre cuatro quattro quatro", "fünf cinq cinco cinque vijf", "sechs seis sei zes", "sieben siete sette sete zeven", "acht huit ocho otto oito", "neun neuf nueve nove negen",
            "zehn dix diez dieci dez tien", "onze undici", "zwölf douze doce dodici doze twaalf",
        ];
        var numbers = new Dictionary<uint, uint>();
        for (var index = 0; index < words.Length; index++)
        {
            foreach (var word in words[index].Split(' ')) { numbers[WordList.Hash(word)] = WordList.FnvBasis ^ ((uint)(index + 2) * WordList.FnvPrime); }
        }
        return numbers.ToFrozenDictionary();
    }
}
