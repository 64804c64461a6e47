using System.Buffers;
using System.Runtime.CompilerServices;

namespace Bellwether.Detection;

/// <summary>A label and the value behind it, at a colon or an equals sign: in forms, in JSON and XML, in settings.</summary>
internal static class LabelReader
{
    private static readonly SearchValues<char> s_lineEnds = SearchValues.Create("\n\r\"<|;{}\u001e\t");
    private static readonly SearchValues<char> s_valueEnds = SearchValues.Create(" \t\r\n\"'`;,<>\u001e");
    private static readonly SearchValues<char> s_signs = SearchValues.Create("!@#$%^&*?~+");
    private static readonly SearchValues<char> s_brackets = SearchValues.Create("(){}<>");
    private static readonly SearchValues<char> s_noKey = SearchValues.Create("(){}<>@$:, ");

    private static readonly WordTable s_verbs = WordTable.Set(["is", "was", "ist", "war", "lautet", "es", "est", "é", "è", "era", "är", "er", "on", "to"], ignoresCase: true);
    private static readonly string[] s_spokenKeys = ["api key", "api-key", "api token", "access token", "access key", "secret key", "client secret", "auth token", "bearer token"];
    private static readonly WordSet s_passwords = new(["password", "passwort", "kennwort", "passcode", "passphrase", "contraseña", "contrasena", "mot de passe", "senha", "wachtwoord", "lösenord", "adgangskode", "passord", "salasana", "hasło"]);

    private const int LongestLabel = 40;
    private const int LongestAddress = 120;
    private const int LongestVerb = 6;
    private const int ShortestSpokenKey = 20;

    /// <returns>Where to go on.</returns>
    public static int Read(ref TextScan scan, int colon)
    {
        var kind = Kind(scan, colon);
        if (kind == LabelKind.None)
        {
            return colon + 1;
        }
        var at = colon + 1;
        // "ssn":  "…", **Name:** …, password='…', name=\"…\"
        while (at - colon < 8 && scan.At(at) is ' ' or '"' or '\'' or '*' or '\\' or '`' or '\t' or '[' or '(' or '#' or '=' or '>' or '\u00a0')
        {
            at++;
        }
        return kind switch
        {
            LabelKind.Name or LabelKind.PerhapsName => Name(ref scan, at, kind == LabelKind.Name),
            LabelKind.Address => Address(ref scan, at),
            LabelKind.Password => Password(ref scan, at),
            LabelKind.Key => Key(ref scan, at),
            _ => Number(ref scan, at, kind),
        };
    }

    /// <summary>What the words right before a number say that it is, without a colon: "CCCD 001099012345". Of words that mean nothing else.</summary>
    public static PersonalDataType? Announced(in TextScan scan, int number) =>
        scan.At(number - 1) is ' ' && BehindVerb(scan, number) is var label && IsLongWord(scan, label - 1) ? Kind(scan, label) switch
        {
            LabelKind.NationalId => PersonalDataType.NationalId,
            LabelKind.Passport => PersonalDataType.Passport,
            LabelKind.TaxId => PersonalDataType.TaxId,
            _ => null,
        } : null;

    // "CPR-nummer er 030184-9614": where the label ends.
    private static int BehindVerb(in TextScan scan, int number)
    {
        var start = number - 1;
        while (start > 0 && number - start <= LongestVerb + 1 && char.IsLetter(scan.Text[start - 1])) { start--; }
        return start > 0 && scan.Text[start - 1] == ' ' && start < number - 1 && s_verbs.Contains(scan.Text[start..(number - 1)]) ? start : number;
    }

    // "run", "sin", "fin", "nie" are words of their own.
    private static bool IsLongWord(in TextScan scan, int end)
    {
        var start = end;
        while (start > 0 && end - start < 4 && char.IsLetter(scan.Text[start - 1])) { start--; }
        return end - start >= 4 || (end > start && scan.Text[start] > '\u2e80');
    }

    [SkipLocalsInit]
    private static LabelKind Kind(in TextScan scan, int colon)
    {
        var end = colon;
        while (end > 0 && colon - end < 5 && scan.Text[end - 1] is ' ' or '"' or '\'' or '*' or '\\' or '`' or '\t' or ')' or ']' or '_')
        {
            end--;
        }
        var limit = Math.Max(0, end - LongestLabel);
        var start = end;
        while (start > limit && IsLabel(scan.Text[start - 1]))
        {
            start--;
        }
        if (start == end || end - start > LongestLabel - 1)
        {
            // Longer than any label: its end may still be one.
            while (start < end && scan.Text[start] is not (' ' or '_')) { start++; }
        }
        var from = scan.Text[start..end].Trim();
        if (from.Length < 2)
        {
            return LabelKind.None;
        }
        // "steuer-id" and "konto-nr" are one word; the hyphen of "first-name" is a blank.
        var joins = from.Contains('-') && (from.Contains("-id", StringComparison.OrdinalIgnoreCase) || from.Contains("-n", StringComparison.OrdinalIgnoreCase));
        Span<char> label = stackalloc char[LongestLabel];
        for (var i = 0; i < from.Length; i++)
        {
            label[i] = from[i] == '_' || (from[i] == '-' && !joins) ? ' ' : LetterCase.Lower(from[i]);
        }
        return Labels.Of(label[..from.Length]);
    }

    // Vowels of Indian and Thai script are marks that stand on a letter.
    private static bool IsLabel(char c) => char.IsLetterOrDigit(c) || (c > '\u0300' && char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark) || c is ' ' or '_' or '-' or '\'' or '/' or '#' or 'º' or '.';

    private static int Name(ref TextScan scan, int at, bool sure)
    {
        if (NameReader.IsEastAsian(scan.At(at)) && sure)
        {
            var last = at;
            while (NameReader.IsEastAsian(scan.At(last)) && last - at < 5) { last++; }
            if (scan.At(last) is ' ' or '\u3000')
            {
                var next = last + 1;
                while (NameReader.IsEastAsian(scan.At(next)) && next - last < 6) { next++; }
                last = next > last + 1 ? next : last;
            }
            scan.Add(PersonalDataType.Person, at, last, 0.8f);
            return last;
        }
        // A title, or a name that is known: "Referred by: Dr. Jesús Mateos".
        if (NameReader.TryRead(ref scan, at, out var known))
        {
            return known;
        }
        var words = NameReader.Sequence(scan, at, 5, out var end);
        // "Provider: Tyrell Corporation" and "name: Widget" are nobody: a weak label needs a name that is known.
        if (words == 0 || !sure)
        {
            // Scripts without capital letters, behind a label that is sure.
            return sure && char.IsLetter(scan.At(at)) && scan.At(at) > '\u0590' ? Caseless(ref scan, at) : at;
        }
        scan.Add(PersonalDataType.Person, at, end, words > 1 ? 0.9f : 0.8f);
        return end;
    }

    private static int Caseless(ref TextScan scan, int at)
    {
        var end = at;
        while (end - at < 40 && (char.IsLetter(scan.At(end)) || char.GetUnicodeCategory(scan.At(end)) is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark || (scan.At(end) == ' ' && char.IsLetter(scan.At(end + 1)))))
        {
            end++;
        }
        scan.Add(PersonalDataType.Person, at, end, 0.7f);
        return end;
    }

    private static int Address(ref TextScan scan, int at)
    {
        if (AddressReader.TryNumberFirst(ref scan, at, out var after))
        {
            return after;
        }
        var limit = Math.Min(scan.Text.Length, at + LongestAddress);
        var end = scan.Text[at..limit].IndexOfAny(s_lineEnds) is var stop and >= 0 ? at + stop : limit;
        var value = scan.Text[at..end];
        // An e-mail or web address, a pointer, or a sentence.
        if (value.ContainsAny('@', '=') || value.Contains("://", StringComparison.Ordinal) || !value.ContainsAnyInRange('0', '9') || value.Length < 8 || value is ['0', 'x', ..])
        {
            return at;
        }
        value = (SentenceEnd(value) is var sentence and > 0 ? value[..sentence] : value).TrimEnd(" .,\\");
        var (letters, eastern) = (0, 0);
        foreach (var c in value)
        {
            letters += char.IsLetter(c) ? 1 : 0;
            eastern += NameReader.IsEastAsian(c) ? 1 : 0;
        }
        // 北京市朝阳区建国路88号 has no blank, and goes on behind a comma with something else.
        if (eastern > 3 && value.IndexOfAny(',', '，', '、') is var comma and > 0 && value[..comma].ContainsAnyInRange('0', '9')) { value = value[..comma]; }
        if (letters < 4 || (eastern < 4 && !value.Contains(' ')))
        {
            return at;
        }
        scan.Add(PersonalDataType.Address, at, at + value.Length, 0.75f);
        return at + value.Length;
    }

    // ". " behind a word; behind few letters it is an abbreviation ("St. ", "ул. ", "Apt. ").
    private static int SentenceEnd(ReadOnlySpan<char> value)
    {
        const int mostShort = 4;
        for (var from = 0; value[from..].IndexOf(". ", StringComparison.Ordinal) is var next and >= 0; from += next + 2)
        {
            var word = value[..(from + next)];
            word = word[(word.LastIndexOf(' ') + 1)..];
            if (word.Length > mostShort || word.ContainsAnyInRange('0', '9')) { return from + next; }
        }
        return -1;
    }

    private static int Password(ref TextScan scan, int at)
    {
        var end = Value(scan, at);
        var value = scan.Text[at..end];
        var digits = value.ContainsAnyInRange('0', '9');
        var signs = value.ContainsAny(s_signs);
        if (value.Length is < 4 or > 128 || !(digits || signs) || value[0] is '*' or '<' or '$' or '{' or '%' or '[' || value.ContainsAny(s_brackets))
        {
            return at;
        }
        scan.Add(PersonalDataType.Password, at, end, 0.75f);
        return end;
    }

    /// <summary>"my password is Summer2024!", "Das Passwort lautet …": from a word with letters and digits.</summary>
    public static bool TrySpokenPassword(ref TextScan scan, int word, out int after)
    {
        after = word;
        var start = word;
        while (start > scan.Floor && word - start < 24 && !char.IsWhiteSpace(scan.Text[start - 1])) { start--; }
        // Most words are known not to stand behind one of the verbs by its last letter.
        if (scan.At(start - 1) != ' ' || scan.At(start - 2) is not ('s' or 't' or 'é' or 'è' or 'a' or 'r' or 'n' or 'o'))
        {
            return false;
        }
        var before = scan.Before(start - 1, 24);
        var verb = before[(before.LastIndexOf(' ') + 1)..];
        if (verb.Length is 0 or > LongestVerb || !s_verbs.Contains(verb) || !s_passwords.IsIn(before))
        {
            return false;
        }
        after = Password(ref scan, start);
        return after > start;
    }

    /// <summary>"DATADOG api key 9f8e7d…", "my access token is …": a long random word behind what is said of keys alone.</summary>
    public static bool TrySpokenKey(ref TextScan scan, int start, int end, out int after)
    {
        after = end;
        if (end - start < ShortestSpokenKey || scan.At(start - 1) != ' ' || !scan.Text[start..end].ContainsAnyInRange('0', '9'))
        {
            return false;
        }
        var label = BehindVerb(scan, start);
        foreach (var name in s_spokenKeys)
        {
            if (scan.Before(label - 1).EndsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                after = Key(ref scan, start);
                return after > start;
            }
        }
        return false;
    }

    private static int Key(ref TextScan scan, int at)
    {
        foreach (var scheme in (ReadOnlySpan<string>)["Bearer ", "Basic ", "Token "])
        {
            if (scan.Text[at..].StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            {
                at += scheme.Length;
            }
        }
        var end = Value(scan, at);
        var value = scan.Text[at..end];
        // A key that says what it is, and JWT, are told by their own readers.
        if (value.Length is < 16 or > 512 || value.ContainsAny(s_noKey) || !value.ContainsAnyInRange('0', '9') || !SecretPrefixes.IsRandom(value) || value.StartsWith("ey", StringComparison.Ordinal) || SecretPrefixes.Match(value) > 0)
        {
            return at;
        }
        scan.Add(PersonalDataType.ApiKey, at, end, 0.8f);
        return end;
    }

    private static int Number(ref TextScan scan, int at, LabelKind kind)
    {
        const int hkid = 10;
        if (kind == LabelKind.NationalId && at + hkid <= scan.Text.Length && LetteredIds.IsHkid(scan.Text.Slice(at, hkid)))
        {
            scan.Add(PersonalDataType.NationalId, at, at + hkid, 0.9f);
            return at + hkid;
        }
        var end = at;
        var digits = 0;
        var letters = 0;
        while (end - at < 28)
        {
            var c = scan.At(end);
            if (char.IsAsciiDigit(c)) { digits++; }
            else if (char.IsAsciiLetter(c)) { letters++; }
            else if (!(c is '-' or '.' or '/' or ' ' && (char.IsAsciiDigit(scan.At(end + 1)) || (c == '-' && char.IsAsciiLetterOrDigit(scan.At(end + 1))))) || end == at) { break; }
            end++;
        }
        // "ID: 12 of 40 pages", "policy: see above", a date.
        var fewest = kind is LabelKind.Ssn ? 7 : kind is LabelKind.MedicalId or LabelKind.PersonalId ? 4 : 5;
        if (digits < fewest || letters > 8 || letters > digits || char.IsLetter(scan.At(end)) || IsDate(scan.Text[at..end]))
        {
            return at;
        }
        var type = kind switch
        {
            LabelKind.Ssn => PersonalDataType.Ssn,
            LabelKind.TaxId => PersonalDataType.TaxId,
            LabelKind.Passport => PersonalDataType.Passport,
            LabelKind.DriverLicense => PersonalDataType.DriverLicense,
            LabelKind.MedicalId => PersonalDataType.MedicalId,
            LabelKind.BankAccount => PersonalDataType.BankAccount,
            LabelKind.PersonalId => PersonalDataType.PersonalId,
            _ => PersonalDataType.NationalId,
        };
        // An IBAN or a card behind "Account:" is what it is; its own reader takes it.
        if (type == PersonalDataType.BankAccount && (letters > 0 || digits > 12))
        {
            return at;
        }
        scan.Add(type, at, end, 0.85f);
        return end;
    }

    private static int Value(in TextScan scan, int at)
    {
        var limit = Math.Min(scan.Text.Length, at + 513);
        var end = scan.Text[at..limit].IndexOfAny(s_valueEnds) is var stop and >= 0 ? at + stop : limit;
        while (end > at && scan.Text[end - 1] is '.' or '\\' or '*') { end--; }
        return end;
    }

    private static bool IsDate(ReadOnlySpan<char> value) =>
        value.Length is >= 8 and <= 10 && ((value[4] is '-' or '/' && value[..4].ContainsAnyInRange('0', '9')) || (value[2] is '/' && value[5] is '/'));
}
