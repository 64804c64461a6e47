using System.Buffers;
using System.Text;

namespace Bellwether.Detection;

/// <summary>Words beside a number that say what it is, in about a dozen languages.</summary>
internal static class Words
{
    public static readonly WordSet Birth = Of(
        "dob", "d.o.b", "birth", "born", "birthday", "birthdate", "dateofbirth", "date_of_birth", "nacimiento", "nacido", "nacida", "nació", "nací", "nasci", "naissance", "né le", "née le", "geburt", "geboren", "geb.", "nascita", "nato il", "nata il",
        "nascimento", "nascido", "nascida", "geboorte", "geboortedatum", "född", "født", "fødsel", "synty", "urodz", "рожден", "родил", "naixement", "doğum", "출생", "생년", "生年月日", "出生", "生日", "ميلاد", "مولود", "לידה", "जन्म", "วันเกิด", "ngày sinh", "sinh ngày", "lahir", "γέννησ", "γεννήθ", "narozen", "született", "születés", "rođen", "data urodzenia");

    public static readonly WordSet Phone = Of(
        "phone", "phone_number", "phonenumber", "telephone", "tel", "tel.", "mobile", "cell", "cellphone", "call", "text me", "whatsapp", "fax", "sms", "contact", "dial", "hotline", "teléfono", "telefono", "tfno", "telf", "telfs", "telef", "tlf", "tlfn", "tlfno", "movil", "móvil", "celular", "llam", "téléphone", "tél", "portable",
        "appel", "telefon", "handy", "rufnummer", "telefonnummer", "cellulare", "telefone", "telemóvel", "ligue", "telefoon", "mobiel", "puhelin", "komórk", "телефон", "тел", "моб", "電話", "电话", "手机", "携帯", "전화", "फ़ोन", "هاتف", "اتصل", "جوال", "موبايل", "llám", "chiam", "bel me", "bel mij", "zadzwo", "звон", "拨打", "撥打", "致电", "τηλ", "κινητ", "טלפון", "נייד", "โทร", "điện thoại", "sđt", "telepon");

    public static readonly WordSet Card = Of(
        "card", "credit", "debit", "visa", "mastercard", "amex", "american express", "discover", "maestro", "cc", "ccn", "pan", "tarjeta", "carte", "karte", "kreditkarte", "kreditkartennummer", "carta", "cartão", "kaart", "kort", "karta", "карт", "カード", "卡");

    public static readonly WordSet Ssn = Of("ssn", "ssn's", "ssns", "social security", "social_security", "socialsecurity", "social sec", "soc sec", "social insurance", "itin", "tin", "ss#", "ss #", "seguro social");

    public static readonly WordSet Identity = Of(
        "national id", "national_id", "nationalid", "national insurance", "national number", "nin", "nino", "identity", "identification", "id card", "id number", "id no", "idnumber", "id_number", "citizen", "resident", "personal number", "personal code", "taxpayer", "tax", "tax id", "tin", "nhs",
        "dni", "nie", "nif", "cif", "documento", "cédula", "cedula", "rut", "run", "cuil", "cuit", "curp", "rfc", "cpf", "cnpj", "sécurité sociale", "numéro fiscal", "nir", "insee", "steuer", "steuernummer", "steuerid", "idnr", "ausweis", "sozialversicherung", "ahv", "avs", "codice fiscale",
        "contribuinte", "bsn", "burgerservicenummer", "sofi", "rijksregister", "registre national", "insz", "niss", "personnummer", "personnr", "cpr", "fødselsnummer", "fnr", "hetu", "henkilötunnus", "isikukood", "asmens kodas", "pesel", "nip", "rodné", "cnp", "egn", "oib", "jmbg", "amka", "afm", "αφμ", "αμκα",
        "kimlik", "tckn", "aadhaar", "aadhar", "uidai", "nric", "fin", "hkid", "mykad", "kennitala", "emšo", "emso", "fødselsn", "nik", "ktp", "taj", "személyi", "căn cước", "cccd", "cmnd", "curp", "tfn", "medicare", "sin", "ppsn", "teudat", "снилс", "инн", "егн", "身份证", "身分證", "身份號碼", "マイナンバー", "個人番号", "주민등록", "주민번호", "आधार", "เลขประจำตัว", "บัตรประชาชน", "תעודת זהות", "рнокпп", "іпн", "јмбг", "رقم الهوية", "الرقم القومي", "کد ملی", "rrn", "kt", "kad pengenalan", "מספר זהות", "מספר הזהות", "ת״ז", "ת\"ז");

    public static readonly WordSet Account = Of(
        "account", "acct", "account_number", "accountnumber", "account number", "a/c", "routing", "aba", "sort code", "bsb", "bank", "konto", "kontonummer", "cuenta", "compte", "conto", "conta", "rekening", "iban");

    public static readonly WordSet Passport = Of("passport", "pasaporte", "passeport", "reisepass", "passaporto", "passaporte", "paspoort", "pass-nr", "passnummer", "pasport", "paszport", "паспорт", "护照", "旅券", "パスポート", "護照", "여권");

    public static readonly WordSet License = Of("driver", "drivers", "driver's", "driving", "licence", "license", "führerschein", "permis de conduire", "patente", "carnet de conducir", "rijbewijs", "dl#", "dl no");

    /// <summary>What announces a number that is nobody's.</summary>
    public static readonly WordSet Impersonal = Of(
        "order", "invoice", "ticket", "version", "isbn", "tracking", "serial", "sku", "part", "model", "case", "commit", "build", "release", "doi", "issn", "ean", "upc", "page", "pages", "line", "port", "timestamp", "epoch", "article", "product", "item", "ref", "reference", "pedido", "factura", "bestellung", "commande", "chapter", "equation", "pp.", "orcid");

    public static readonly WordSet Version = Of("version", "versions", "v", "ver", "release", "upgrade", "firmware", "build", "driver", "package", "section", "chapter", "clause", "sdk", "kapitel", "abschnitt", "artikel", "article", "capítulo", "capitolo", "chapitre", "sección", "sezione", "seção", "versión", "versão", "wersj", "sürüm", "верси", "глава", "раздел", "пункт", "版本", "バージョン", "버전");

    private static WordSet Of(params string[] words) => new(words);
}

/// <summary>
/// Words to look for. Those of ASCII are searched by themselves: most texts have no other signs, and the search is many times
/// faster. Words of at most four letters must stand alone; longer ones may go on, as stems do.
/// </summary>
internal sealed class WordSet(string[] words)
{
    private const int Short = 4;

    /// <summary>Every word has a sign that is not among these: a letter, or something that is not ASCII.</summary>
    public static readonly SearchValues<char> NoWord = SearchValues.Create([.. Enumerable.Range(0, 128).Select(static code => (char)code).Where(static sign => !char.IsAsciiLetter(sign))]);

    private readonly SearchValues<string> _stems = SearchValues.Create([.. words.Where(word => Ascii.IsValid(word) && !IsShort(word))], StringComparison.OrdinalIgnoreCase);
    private readonly SearchValues<string> _short = SearchValues.Create([.. words.Where(word => Ascii.IsValid(word) && IsShort(word))], StringComparison.OrdinalIgnoreCase);
    private readonly WordTable _whole = WordTable.Set(words.Where(IsShort), ignoresCase: true);
    private readonly SearchValues<string> _others = SearchValues.Create([.. words.Where(word => !Ascii.IsValid(word))], StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether one of the words begins there: "tel" is not in "hotel". Words of other scripts match anywhere.</summary>
    public bool IsIn(ReadOnlySpan<char> text) => text.ContainsAnyExcept(NoWord) && HasAny(text);

    // Between numbers stand mostly numbers.
    private bool HasAny(ReadOnlySpan<char> text) => HasStem(text) || HasShort(text) || (!Ascii.IsValid(text) && text.ContainsAny(_others));

    private bool HasStem(ReadOnlySpan<char> text)
    {
        for (var from = 0; text[from..].IndexOfAny(_stems) is var at and >= 0; from += at + 1)
        {
            if (from + at == 0 || !char.IsLetterOrDigit(text[from + at - 1]))
            {
                return true;
            }
        }
        return false;
    }

    private bool HasShort(ReadOnlySpan<char> text)
    {
        for (var from = 0; text[from..].IndexOfAny(_short) is var at and >= 0;)
        {
            var start = from + at;
            var end = start;
            while (end < text.Length && char.IsLetter(text[end]))
            {
                end++;
            }
            if ((start == 0 || !char.IsLetterOrDigit(text[start - 1])) && end - start <= Short && _whole.Contains(text[start..end]))
            {
                return true;
            }
            from = Math.Max(end, start + 1);
        }
        return false;
    }

    private static bool IsShort(string word) => word.Length <= Short && word.All(char.IsLetter);
}
