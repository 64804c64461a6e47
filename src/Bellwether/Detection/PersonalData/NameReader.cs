namespace Bellwether.Detection;

/// <summary>Names of persons: after a title, a greeting or a label, by the gazetteer, and once known wherever they stand again.</summary>
internal static class NameReader
{
    private const int LongestWord = 24;
    private const int LongestIntroduction = 12;

    private static readonly string[] s_introductions =
    [
        "my name is ", "name is ", "i am ", "i'm ", "this is ", "called ", "named ", "dear ", "hi ", "hello ", "regards, ", "regards,\n", "sincerely, ", "sincerely,\n", "signed ", "me llamo ", "mi nombre es ", "soy ", "je m'appelle ", "ich heiße ", "mein name ist ",
        "mi chiamo ", "meu nome é ", "chamo-me ", "mijn naam is ", "jag heter ", "jeg heter ", "nazywam się ", "меня зовут ", "adım ", "tên tôi là ", "tôi tên là ", "nama saya ", "mă numesc ", "jmenuji se ", "me chamo ", "mitt namn är ", "mit navn er ", "bonjour ", "hola ", "hallo ", "thanks,\n", "cheers,\n", "patient ", "spoke with ", "contact ", "employee ", "customer ",
    ];

    private static readonly string[] s_easternIntroductions = ["我叫", "名字叫", "名字是", "姓名是"];

    private static readonly WordTable s_lastWords = WordTable.Set(s_introductions.Select(LastWord), ignoresCase: false);

    private static string LastWord(string introduction)
    {
        var last = introduction.TrimEnd(' ', '\n', ',').Split(' ')[^1];
        Span<char> folded = stackalloc char[LongestWord];
        return folded[..NameFolding.Fold(last, folded)].ToString();
    }

    public static bool IsParticle(ReadOnlySpan<char> word) => word is "de" or "del" or "la" or "las" or "los" or "van" or "von" or "der" or "den" or "di" or "da" or "dos" or "das" or "du" or "le" or "bin" or "ibn" or "al" or "el" or "y" or "ten" or "ter" or "of" or "the" or "des" or "e" or "i" or "af" or "av" or "zu" or "della" or "dei" or "san" or "bint";

    /// <summary>From a word with a capital letter.</summary>
    public static bool TryRead(ref TextScan scan, int start, out int after)
    {
        after = start;
        var end = Word(scan, start);
        Span<char> folded = stackalloc char[LongestWord];
        var length = NameFolding.Fold(scan.Text[start..end], folded);
        if (length == 0)
        {
            return false;
        }
        var word = folded[..length];
        if (NameLists.Titles.Contains(word))
        {
            var name = BehindTitles(scan, end, folded);
            // "Dr. Miguel", "Mr Smith"; "Dr" behind a street's name has no name behind it.
            if (scan.At(name) == ' ' && Sequence(scan, name + 1, 4, out after) > 0 && !IsSpoiled(scan, after))
            {
                scan.Add(PersonalDataType.Person, start, after, 0.85f);
                return true;
            }
            return false;
        }
        if (NameLists.NotNames.Contains(word))
        {
            return false;
        }
        var given = IsGiven(word);
        var introduced = IsIntroduced(scan, start);
        if (given || introduced)
        {
            var words = Sequence(scan, start, 4, out after);
            if (words >= 2 && !IsSpoiled(scan, after) && (!NameLists.Ambiguous.Contains(word) || introduced || HasSurname(scan, end, after)))
            {
                var known = HasSurname(scan, end, after);
                if (known || given || introduced)
                {
                    scan.Add(PersonalDataType.Person, start, after, known ? 0.9f : introduced && given ? 0.85f : 0.65f);
                    return true;
                }
            }
            if (introduced && given && words == 1 && !NameLists.Ambiguous.Contains(word))
            {
                scan.Add(PersonalDataType.Person, start, after, 0.75f);
                return true;
            }
            // "John S."
            return false;
        }
        // An unknown first word before a known surname, and surname first as in lists: "Nguyen, Linh".
        if (NameLists.Surnames.Contains(word) && scan.At(end) == ',' && scan.At(end + 1) == ' ' && IsGiven(scan, end + 2, out after))
        {
            scan.Add(PersonalDataType.Person, start, after, 0.75f);
            return true;
        }
        return false;
    }

    /// <summary>Chinese, Japanese and Korean names written with a space between their parts, from their first sign.</summary>
    public static bool TryEastAsian(ref TextScan scan, int start, int end, out int after)
    {
        after = end;
        if (TryIntroduced(ref scan, start, end, out after))
        {
            return true;
        }
        if (end - start is < 1 or > 4 || scan.At(end) is not (' ' or '\u3000' or '・'))
        {
            return false;
        }
        var next = end + 1;
        var nextEnd = next;
        while (nextEnd < scan.Text.Length && IsEastAsian(scan.Text[nextEnd]) && nextEnd - next < 5) { nextEnd++; }
        if (nextEnd - next is < 1 or > 4 || !(IsSurname(scan.Text[start..end]) || IsSurname(scan.Text[next..nextEnd])))
        {
            return false;
        }
        after = nextEnd;
        scan.Add(PersonalDataType.Person, start, after, 0.7f);
        return true;
    }

    // 我叫王小明 · 名前は田中太郎です · 이름은 김민수입니다: a surname behind an introduction and one or two signs more.
    private static bool TryIntroduced(ref TextScan scan, int start, int end, out int after)
    {
        after = end;
        var run = scan.Text[start..Math.Min(end, start + LongestIntroduction)];
        var name = 0;
        foreach (var introduction in s_easternIntroductions)
        {
            name = run.IndexOf(introduction, StringComparison.Ordinal) is var at and >= 0 ? Math.Max(name, at + introduction.Length) : name;
        }
        var before = scan.Before(start, LongestIntroduction);
        if (name == 0 && !before.EndsWith("名前は", StringComparison.Ordinal) && !before.EndsWith("이름은 ", StringComparison.Ordinal))
        {
            return false;
        }
        var rest = scan.Text[(start + name)..end];
        // A Japanese name ends where its signs end; a Chinese one has two or three, a Korean one three before its particle.
        var length = rest.Length >= 3 && JapaneseSurname(rest) > 0 ? Math.Min(rest.Length, 5)
            : rest.Length is 2 or 3 && NameLists.ChineseSurnames.Contains(rest[0]) ? rest.Length
            : rest.Length >= 3 && NameLists.KoreanSurnames.Contains(rest[0]) && (rest.Length == 3 || rest[3] is '입' or '이' or '예' or '라' or '인') ? 3 : 0;
        if (length == 0)
        {
            return false;
        }
        after = start + name + length;
        scan.Add(PersonalDataType.Person, start + name, after, 0.75f);
        return true;
    }

    private static int JapaneseSurname(ReadOnlySpan<char> name) =>
        name.Length > 2 && NameLists.JapaneseSurnames.Contains(name[..2]) ? 2 : name.Length > 3 && NameLists.JapaneseSurnames.Contains(name[..3]) ? 3 : 0;

    public static bool IsEastAsian(char c) => c is (>= '\u3400' and <= '\u9fff') or (>= '\uac00' and <= '\ud7a3') or '\u3005' or (>= '\u30a1' and <= '\u30fa');

    /// <summary>Words with capital letters one after another, initials and particles among them.</summary>
    /// <returns>How many words that are no particles.</returns>
    public static int Sequence(in TextScan scan, int start, int most, out int end)
    {
        end = start;
        var words = 0;
        var at = start;
        Span<char> folded = stackalloc char[LongestWord];
        while (words < most)
        {
            var wordEnd = Word(scan, at);
            if (wordEnd == at)
            {
                break;
            }
            var word = scan.Text[at..wordEnd];
            if (!char.IsUpper(word[0]))
            {
                if (words == 0 || !IsParticle(word) || scan.At(wordEnd) != ' ')
                {
                    break;
                }
                at = wordEnd + 1;
                continue;
            }
            var length = NameFolding.Fold(word, folded);
            if (length == 0 || NameLists.NotNames.Contains(folded[..length]) && word.Length > 1 || (words > 0 && word.Length > 3 && IsShouted(word) && !IsShouted(scan.Text[start..(start + 2)])))
            {
                break;
            }
            words++;
            end = wordEnd;
            // An initial: "J. Smith", "Haruka S."
            if (word.Length == 1 && scan.At(wordEnd) == '.')
            {
                end = ++wordEnd;
            }
            if (scan.At(wordEnd) != ' ')
            {
                break;
            }
            at = wordEnd + 1;
        }
        return words;
    }

    /// <summary>Whatever else in the text is a part of a name that was found.</summary>
    public static void ReadAgain(ref TextScan scan, int from)
    {
        const int mostWords = 12;
        Span<(int Start, int End)> words = stackalloc (int, int)[mostWords];
        var count = 0;
        foreach (var finding in scan.Found.From(from))
        {
            if (finding.Type != PersonalDataType.Person || finding.Confidence < 0.75f)
            {
                continue;
            }
            for (var at = finding.Start; at < finding.End && count < mostWords;)
            {
                var end = Word(scan, at);
                if (end - at >= 4 && char.IsUpper(scan.Text[at]) && !IsKnown(scan, words[..count], at, end) && IsNameAlone(scan, at, end))
                {
                    words[count++] = (at, end);
                }
                at = Math.Max(end, at + 1);
            }
        }
        foreach (var (start, end) in words[..count])
        {
            var word = scan.Text[start..end];
            var at = 0;
            while (scan.Text[at..].IndexOf(word, StringComparison.Ordinal) is var offset and >= 0)
            {
                at += offset;
                var stop = at + word.Length;
                if ((at == 0 || !char.IsLetterOrDigit(scan.Text[at - 1])) && !char.IsLetterOrDigit(scan.At(stop)) && scan.At(stop) is not '@' and not '.' | char.IsWhiteSpace(scan.At(stop + 1)))
                {
                    // "Haruka S."
                    var initial = scan.At(stop) == ' ' && char.IsUpper(scan.At(stop + 1)) && scan.At(stop + 2) == '.' ? stop + 3 : stop;
                    scan.Add(PersonalDataType.Person, at, initial, 0.7f);
                }
                at = stop;
            }
        }
    }

    // Only words that are hardly anything else: a gazetteer's given name, or one that is no word of the list.
    private static bool IsNameAlone(in TextScan scan, int start, int end)
    {
        Span<char> folded = stackalloc char[LongestWord];
        var length = NameFolding.Fold(scan.Text[start..end], folded);
        var word = folded[..length];
        return length > 0 && !NameLists.Ambiguous.Contains(word) && !NameLists.Titles.Contains(word) && NameLists.Given.Contains(word);
    }

    private static bool IsKnown(in TextScan scan, ReadOnlySpan<(int Start, int End)> words, int start, int end)
    {
        foreach (var word in words)
        {
            if (scan.Text[word.Start..word.End].SequenceEqual(scan.Text[start..end]))
            {
                return true;
            }
        }
        return false;
    }

    private static bool IsGiven(in TextScan scan, int start, out int end)
    {
        end = Word(scan, start);
        Span<char> folded = stackalloc char[LongestWord];
        var length = NameFolding.Fold(scan.Text[start..end], folded);
        return length > 0 && char.IsUpper(scan.Text[start]) && NameLists.Given.Contains(folded[..length]);
    }

    private static bool HasSurname(in TextScan scan, int from, int to)
    {
        Span<char> folded = stackalloc char[LongestWord];
        for (var at = from; at < to;)
        {
            var end = Word(scan, at);
            if (end > at)
            {
                var length = NameFolding.Fold(scan.Text[at..end], folded);
                if (length > 0 && (NameLists.Surnames.Contains(folded[..length]) || (NameLists.Given.Contains(folded[..length]) && !NameLists.Ambiguous.Contains(folded[..length])) || (end - at == 1 && scan.At(end) == '.')))
                {
                    return true;
                }
            }
            at = Math.Max(end, at + 1);
        }
        return false;
    }

    // "Herr Prof. Dr. Müller": where the last title ends.
    private static int BehindTitles(in TextScan scan, int end, Span<char> folded)
    {
        const int most = 3;
        var behind = scan.At(end) == '.' ? end + 1 : end;
        for (var more = 0; more < most && scan.At(behind) == ' ' && char.IsUpper(scan.At(behind + 1)); more++)
        {
            var next = Word(scan, behind + 1);
            var length = NameFolding.Fold(scan.Text[(behind + 1)..next], folded);
            if (length == 0 || !NameLists.Titles.Contains(folded[..length])) { break; }
            behind = scan.At(next) == '.' ? next + 1 : next;
        }
        return behind;
    }

    // "Jean-Pierre" is as known as "Jean".
    private static bool IsGiven(ReadOnlySpan<char> word) =>
        NameLists.Given.Contains(word) || (word.IndexOf('-') is var hyphen and > 1 && NameLists.Given.Contains(word[..hyphen]) && NameLists.Given.Contains(word[(hyphen + 1)..]));

    // "Morgan Stanley Bank": a word behind it makes it something else.
    private static bool IsSpoiled(in TextScan scan, int end)
    {
        if (scan.At(end) != ' ' || !char.IsUpper(scan.At(end + 1)))
        {
            return false;
        }
        var wordEnd = Word(scan, end + 1);
        return scan.Text[(end + 1)..wordEnd] is "University" or "College" or "School" or "Institute" or "Hospital" or "Clinic" or "Center" or "Centre" or "Bank" or "Company" or "Corp" or "Corporation" or "Inc" or "LLC" or "Ltd" or "GmbH" or "Group"
            or "Partners" or "Foundation" or "Street" or "Avenue" or "Road" or "Park" or "River" or "Lake" or "Island" or "Airport" or "Station" or "Bridge" or "Prize" or "Award" or "Syndrome" or "Disease" or "Museum" or "County" or "City";
    }

    private static bool IsIntroduced(in TextScan scan, int start)
    {
        // Cheap: introductions end in a blank or a line's end.
        if (scan.At(start - 1) is not (' ' or '\n'))
        {
            return false;
        }
        var before = scan.Before(start, 18);
        // The last word decides in most places that nobody is introduced.
        var trimmed = before[..^1].TrimEnd(',');
        var last = trimmed[(trimmed.LastIndexOfAny(' ', '\n') + 1)..];
        Span<char> folded = stackalloc char[LongestWord];
        if (last.Length == 0 || NameFolding.Fold(last, folded) is var length && (length == 0 || !s_lastWords.Contains(folded[..length])))
        {
            return false;
        }
        foreach (var introduction in s_introductions)
        {
            if (before.EndsWith(introduction, StringComparison.OrdinalIgnoreCase) && (before.Length == introduction.Length || !char.IsLetter(before[^(introduction.Length + 1)])))
            {
                return true;
            }
        }
        return false;
    }

    private static bool IsSurname(ReadOnlySpan<char> part) =>
        (part.Length == 1 && (NameLists.ChineseSurnames.Contains(part[0]) || NameLists.KoreanSurnames.Contains(part[0]))) || NameLists.JapaneseSurnames.Contains(part);

    private static bool IsShouted(ReadOnlySpan<char> word) => word.Length > 1 && char.IsUpper(word[0]) && char.IsUpper(word[1]);

    private static int Word(in TextScan scan, int at)
    {
        var end = at;
        while (end < scan.Text.Length && end - at < LongestWord && (char.IsLetter(scan.Text[end]) || (end > at && scan.Text[end] is '\'' or '’' or '-' && char.IsLetter(scan.At(end + 1)))))
        {
            end++;
        }
        // A letter behind the limit: too long for a name.
        return end - at == LongestWord && char.IsLetter(scan.At(end)) ? at : end;
    }
}
