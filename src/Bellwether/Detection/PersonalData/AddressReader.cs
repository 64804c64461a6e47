using System.Buffers;

namespace Bellwether.Detection;

/// <summary>Postal addresses: a house number with a street's name, in the order that the language has it, and the town behind it.</summary>
internal static class AddressReader
{
    // Behind the name, as in English.
    private static readonly WordTable s_last = Set(
        "street st avenue ave road rd boulevard blvd lane ln drive dr court ct place pl way circle cir terrace ter parkway pkwy highway hwy square sq trail trl crescent cres close alley loop row plaza plz mews grove gardens walk expressway expy turnpike pike heights hts ridge run path point crossing xing bend hollow manor bypass causeway quay wharf esplanade parade rise green vale");

    // Before the name, as in the Romance languages.
    private static readonly WordTable s_first = Set(
        "calle c/ avenida av avda avd plaza pza paseo pº carretera ctra camino travesía travesia ronda glorieta urbanización urbanizacion via viale piazza corso largo vicolo strada rua travessa praça praca alameda estrada ulica ul aleja plac rue carrer carrera bulevar boulevard jalan jl улица ул проспект пр-т ulitsa");

    private static readonly WordTable s_french = Set("rue avenue av boulevard bd place chemin allée allee impasse quai route cours square passage via calle");

    private static readonly string[] s_germanEnds = ["straße", "strasse", "str", "weg", "platz", "allee", "gasse", "ring", "damm", "ufer", "straat", "laan", "plein", "gracht", "kade", "gatan", "vägen", "gata", "vej", "gade", "veien", "katu", "tie"];

    private const int LongestEastern = 32;
    private const int LongestEasternTown = 3;
    private static readonly string[] s_easternLeads = ["住在", "地址是", "地址为", "地址為", "住址是"];
    private static readonly SearchValues<char> s_easternParts = SearchValues.Create("省市区县區縣都道府県郡町村路街");
    private static readonly SearchValues<char> s_easternHouses = SearchValues.Create("号號番丁弄栋棟室楼樓层層");

    // Six words of at most 40 signs, a blank or a point behind each.
    private const int Reach = 6 * 42;
    private static readonly SearchValues<char> s_digitsAndBlanks = SearchValues.Create("0123456789 ");

    private static readonly WordTable s_unit = Set("apt apartment suite ste unit floor fl room rm bldg building flat lot bis ter piso puerta planta interior depto # no nº box");

    private static readonly WordTable s_states = Set(
        "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC PR ON QC BC AB MB SK NS NB NSW VIC QLD TAS");

    /// <summary>"2199 Spruce Ave, Chester, MI 10893", "12 rue de la Paix, 75002 Paris".</summary>
    public static bool TryNumberFirst(ref TextScan scan, int start, out int after)
    {
        after = start;
        if (scan.At(start - 1) is '$' or '€' or '£' or '.' or '-' or ':' or '_')
        {
            return false;
        }
        var at = scan.WordEnd(start);
        if (at - start > 7)
        {
            return false;
        }
        if (scan.At(at) == ',') { at++; }
        if (scan.At(at) != ' ')
        {
            return false;
        }
        at++;
        // Tables of numbers: nothing within reach is a word.
        if (scan.IsQuiet(at, Math.Min(scan.Text.Length, at + Reach), s_digitsAndBlanks, ref scan.Found.Quiet.Digits))
        {
            return false;
        }
        var first = at;
        for (var words = 0; words < 6; words++)
        {
            var end = Word(scan, at);
            var word = scan.Text[at..end];
            // 45 bis avenue Victor Hugo
            if (words == 0 && word is "bis" or "ter" or "quater" && scan.At(end) == ' ')
            {
                first = at = end + 1;
                end = Word(scan, at);
                word = scan.Text[at..end];
            }
            if (word.Length == 0 || (words == 0 && char.IsLower(word[0]) && !s_french.Contains(word)))
            {
                return false;
            }
            if (words == 0 && s_french.Contains(word) && char.IsLetter(scan.At(end + 1)) && scan.At(end) == ' ')
            {
                after = Town(scan, Name(scan, end, 6));
                scan.Add(PersonalDataType.Address, start, after, 0.85f);
                return true;
            }
            if (words > 0 && Contains(s_last, word) && (char.IsUpper(word[0]) || words > 1 || char.IsUpper(scan.Text[first])) && (char.IsUpper(scan.Text[first]) || char.IsAsciiDigit(scan.Text[first])))
            {
                // "100 Main Street Partners" goes on; "21 Jump Street." does not.
                after = Town(scan, scan.At(end) == '.' && word.Length <= 5 ? end + 1 : end);
                scan.Add(PersonalDataType.Address, start, after, 0.8f);
                return true;
            }
            if (!char.IsUpper(word[0]) && !char.IsAsciiDigit(word[0]))
            {
                return false;
            }
            at = scan.At(end) == '.' && word.Length <= 2 ? end + 1 : end;
            if (scan.At(at) != ' ')
            {
                return false;
            }
            at++;
        }
        return false;
    }

    /// <summary>"Calle Mayor, 27, 8 A", "Hauptstraße 12, 10115 Berlin", from a capital letter.</summary>
    public static bool TryNameFirst(ref TextScan scan, int start, int wordEnd, out int after)
    {
        after = start;
        var word = scan.Text[start..wordEnd];
        int number;
        if (scan.At(wordEnd) is '.' or ' ' or '/' && Contains(s_first, word))
        {
            var name = wordEnd;
            while (scan.At(name) is '.' or '/') { name++; }
            number = Name(scan, name, 7);
            if (!HasCapital(scan.Text[name..number]))
            {
                return false;
            }
            while (scan.At(number) is ',' or ' ' || (scan.At(number) == 'n' && scan.At(number + 1) is 'º' or '°' or '.')) { number += scan.At(number) == 'n' ? 2 : 1; }
        }
        else if (word.Length > 5 && (char.IsAsciiDigit(scan.At(wordEnd + 1)) || char.IsAsciiDigit(scan.At(wordEnd + 2))) && IsGerman(word))
        {
            number = scan.At(wordEnd) == '.' ? wordEnd + 1 : wordEnd;
            if (scan.At(number) != ' ') { return false; }
            number++;
        }
        else if (word is "PO" or "P" && scan.Text[start..].StartsWith(word is "PO" ? "PO Box " : "P.O. Box ", StringComparison.OrdinalIgnoreCase))
        {
            number = start + (word is "PO" ? 7 : 9);
        }
        else
        {
            return false;
        }
        // "s/n": a house without a number.
        if (scan.Text[number..].StartsWith("s/n", StringComparison.OrdinalIgnoreCase) && number < start + 90 && !char.IsLetter(scan.At(number + 3)))
        {
            after = Town(scan, number + 3);
            scan.Add(PersonalDataType.Address, start, after, 0.75f);
            return true;
        }
        if (!char.IsAsciiDigit(scan.At(number)) || number > start + 90)
        {
            return false;
        }
        var end = scan.WordEnd(number);
        if (end - number > 6)
        {
            return false;
        }
        // ", 8 A", " 3º B": floor and door.
        var door = end;
        if (scan.At(door) == ',') { door++; }
        if (scan.At(door) == ' ' && char.IsAsciiDigit(scan.At(door + 1)) && scan.WordEnd(door + 1) - door <= 3)
        {
            end = scan.WordEnd(door + 1);
            if (scan.At(end) is 'º' or 'ª' or '°') { end++; }
            if (scan.At(end) == ' ' && char.IsUpper(scan.At(end + 1)) && !char.IsLetter(scan.At(end + 2))) { end += 2; }
        }
        after = Town(scan, end);
        scan.Add(PersonalDataType.Address, start, after, 0.8f);
        return true;
    }

    /// <summary>北京市朝阳区建国路88号, 東京都新宿区西新宿2-8-1: from the first sign of a run of them, behind which a number stands.</summary>
    /// <param name="end">Where the run ends.</param>
    public static bool TryEastern(ref TextScan scan, int start, int end, out int after)
    {
        after = end;
        if (!char.IsAsciiDigit(scan.At(end)))
        {
            return false;
        }
        start = Math.Max(start, end - LongestEastern);
        var run = scan.Text[start..end];
        foreach (var lead in s_easternLeads)
        {
            if (run.LastIndexOf(lead, StringComparison.Ordinal) is var at and >= 0) { start += at + lead.Length; break; }
        }
        run = scan.Text[start..end];
        // A town and a part of it, or a part and a street: less is a place that is spoken of.
        if (run.IndexOfAny(s_easternParts) is var first && (first < 1 || run[(first + 1)..].IndexOfAny(s_easternParts) < 0))
        {
            return false;
        }
        start += Math.Max(0, first - LongestEasternTown);
        if (scan.Text[start] == '在') { start++; }
        var houses = 0;
        for (var at = end; at - end < LongestEastern && (char.IsAsciiDigit(scan.At(at)) || scan.At(at) is '-' || NameReader.IsEastAsian(scan.At(at))); at++)
        {
            // The year behind a town ends no address.
            if (s_easternHouses.Contains(scan.At(at)) || (scan.At(at) == '-' && char.IsAsciiDigit(scan.At(at + 1)))) { houses++; }
            if (houses > 0 && (char.IsAsciiDigit(scan.At(at)) || s_easternHouses.Contains(scan.At(at)))) { after = at + 1; }
        }
        if (houses == 0)
        {
            after = end;
            return false;
        }
        scan.Add(PersonalDataType.Address, start, after, 0.8f);
        return true;
    }

    // Flat, town, state and code behind a street.
    private static int Town(in TextScan scan, int end)
    {
        var at = end;
        for (var part = 0; part < 4; part++)
        {
            var comma = scan.At(at) == ',';
            var next = comma ? at + 1 : at;
            if (scan.At(next) == '\n' && comma) { next++; }
            while (scan.At(next) == ' ') { next++; }
            if (next == at || (!comma && scan.At(at) != ' '))
            {
                break;
            }
            var wordEnd = Word(scan, next);
            var word = scan.Text[next..wordEnd];
            if (word.Length == 0 && scan.At(next) == '#')
            {
                end = at = scan.WordEnd(next + 1);
                continue;
            }
            // 1600 Pennsylvania Avenue NW
            if (part == 0 && !comma && word is "N" or "S" or "E" or "W" or "NE" or "NW" or "SE" or "SW" or "North" or "South" or "East" or "West")
            {
                end = at = scan.At(wordEnd) == '.' && word.Length == 1 ? wordEnd + 1 : wordEnd;
                continue;
            }
            if (word.Length > 0 && Contains(s_unit, word))
            {
                var value = scan.At(wordEnd) == '.' ? wordEnd + 1 : wordEnd;
                if (scan.At(value) != ' ') { break; }
                end = at = scan.TokenEnd(value + 1);
                continue;
            }
            if (s_states.Contains(word) || IsCode(scan, next, out _))
            {
                if (s_states.Contains(word))
                {
                    end = at = wordEnd;
                    continue;
                }
                IsCode(scan, next, out end);
                at = end;
                // 75002 Paris
                if (scan.At(at) == ' ' && char.IsUpper(scan.At(at + 1)) && comma)
                {
                    end = at = Name(scan, at, 3);
                }
                continue;
            }
            if (!comma || word.Length == 0 || !char.IsUpper(word[0]))
            {
                break;
            }
            var name = Name(scan, next, 3);
            // A capital word behind a comma is a town when a state or code follows, or the line ends.
            var behind = scan.At(name) == ',' ? name + 1 : name;
            while (scan.At(behind) == ' ') { behind++; }
            var behindEnd = Word(scan, behind);
            if (!s_states.Contains(scan.Text[behind..behindEnd]) && !IsCode(scan, behind, out _) && !(part == 0 && scan.At(name) is '\n' or '\0' or '"' or '<' or '|'))
            {
                break;
            }
            end = at = name;
        }
        return end;
    }

    // 10893, 10893-1234, SW1A 1AA, 111 22 Stockholm
    private static bool IsCode(in TextScan scan, int start, out int end)
    {
        end = scan.WordEnd(start);
        var word = scan.Text[start..end];
        if (word.Length is 4 or 5 or 6 && !word.ContainsAnyExceptInRange('0', '9'))
        {
            if (scan.At(end) == '-' && char.IsAsciiDigit(scan.At(end + 1)) && scan.WordEnd(end + 1) - end <= 5) { end = scan.WordEnd(end + 1); }
            return true;
        }
        if (word.Length == 3 && !word.ContainsAnyExceptInRange('0', '9') && scan.At(end) == ' ' && scan.WordEnd(end + 1) == end + 3 && scan.At(end + 3) == ' ' && char.IsUpper(scan.At(end + 4)) && !scan.Text[(end + 1)..(end + 3)].ContainsAnyExceptInRange('0', '9'))
        {
            end += 3;
            return true;
        }
        if (word.Length is >= 2 and <= 4 && char.IsAsciiLetterUpper(word[0]) && word.ContainsAnyInRange('0', '9') && scan.At(end) == ' ')
        {
            var inward = scan.WordEnd(end + 1);
            if (inward - end == 4 && char.IsAsciiLetterOrDigit(scan.At(end + 1)) && char.IsAsciiLetterOrDigit(scan.At(end + 2)) && scan.Text[(end + 1)..inward].ContainsAnyInRange('0', '9'))
            {
                end = inward;
                return true;
            }
        }
        return false;
    }

    // Words of a name, with small words between them; ends before a comma, a digit or the line's end.
    private static int Name(in TextScan scan, int at, int most)
    {
        var end = at;
        for (var words = 0; words < most; words++)
        {
            var next = end;
            while (scan.At(next) == ' ' && next - end < 2) { next++; }
            var wordEnd = Word(scan, next);
            // "NW1" is the code behind the town.
            if (wordEnd == next || scan.Text[next..wordEnd].ContainsAnyInRange('0', '9') || (char.IsLower(scan.Text[next]) && !NameReader.IsParticle(scan.Text[next..wordEnd])))
            {
                break;
            }
            end = wordEnd;
            if (scan.At(end) == '.' && scan.At(end + 1) == ' ' && wordEnd - next <= 3) { end++; }
        }
        return end;
    }

    private static int Word(in TextScan scan, int at)
    {
        var end = at;
        while (end < scan.Text.Length && (char.IsLetterOrDigit(scan.Text[end]) || (scan.Text[end] is '\'' or '’' or '-' && end > at)) && end - at < 40)
        {
            end++;
        }
        return end;
    }

    private static bool HasCapital(ReadOnlySpan<char> name)
    {
        foreach (var c in name)
        {
            if (char.IsUpper(c)) { return true; }
        }
        return false;
    }

    private static bool IsGerman(ReadOnlySpan<char> word)
    {
        foreach (var ending in s_germanEnds)
        {
            if (word.Length > ending.Length + 2 && word.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }
        return false;
    }

    private static bool Contains(WordTable set, ReadOnlySpan<char> word) => word.Length <= 14 && set.Contains(word);

    private static WordTable Set(string words) =>
        WordTable.Set(words.Split(' '), ignoresCase: true);
}
