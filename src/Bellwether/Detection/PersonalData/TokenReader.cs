namespace Bellwether.Detection;

/// <summary>Words with letters and digits in them, and what has a form of its own: keys, JWT, IBAN, wallets, MAC, IPv6, lettered identity numbers.</summary>
internal static class TokenReader
{
    // More than is asked of a token before it is known to be a key.
    private const int LongestLook = 64;

    /// <summary>Whether the word from <paramref name="start"/> to <paramref name="end"/>, or what it begins, is one of them.</summary>
    public static bool TryRead(ref TextScan scan, int start, int end, out int after)
    {
        after = end;
        var text = scan.Text;
        if (text[start] == 'B' && end - start == 5 && text[start..end] is "BEGIN")
        {
            return TryPrivateKey(ref scan, start, out after);
        }
        if (text[start] == 'P' && text[start..end] is "PuTTY" && TryPuttyKey(ref scan, start, out after))
        {
            return true;
        }
        var tokenStart = scan.At(start - 1) is '-' or '_' ? scan.TokenStart(start) : start;
        // "SG.…", "ya29.…": a short beginning and a point.
        var tokenEnd = scan.At(end) is '-' ? scan.TokenEnd(end, LongestLook) : scan.At(end) is '.' && end - start <= 6 ? scan.TokenEnd(end + 1, LongestLook) : end;
        if (tokenEnd - tokenStart >= 12 && TrySecret(ref scan, tokenStart, tokenEnd, out after))
        {
            return true;
        }
        if (scan.At(start - 1) == '.' && TryPointed(ref scan, start, out after))
        {
            return true;
        }
        var length = end - start;
        if (length >= 5 && ServiceTokens.TryRead(ref scan, start, end, out after))
        {
            return true;
        }
        var word = text[start..end];
        if (length > 64)
        {
            after = end;
            return length <= Wallets.Longest && TryWallet(ref scan, start, word);
        }
        if (scan.At(end) is ':' or '-' or '.' && length <= 4 && HexReader.TryRead(ref scan, start, out after))
        {
            return true;
        }
        if (length >= 4 && char.IsAsciiLetter(word[0]) && char.IsAsciiLetter(word[1]) && char.IsAsciiDigit(word[2]) && char.IsAsciiDigit(word[3]) && TryIban(ref scan, start, out after))
        {
            return true;
        }
        // Who looked in vain may have left another place behind.
        after = end;
        if (length >= 25 && TryWallet(ref scan, start, word))
        {
            return true;
        }
        if (length is >= 8 and <= 18 && scan.At(start - 1) is not ('-' or '/' or '.') && scan.At(end) is not '-')
        {
            var confidence = LetteredIds.Confidence(word);
            if (confidence > 0 && confidence < 0.6f && scan.HasBefore(start, Words.Identity)) { confidence = 0.8f; }
            if (confidence >= 0.6f)
            {
                scan.Add(PersonalDataType.NationalId, start, end, confidence);
                return true;
            }
        }
        return TrySpacedId(ref scan, start, end, out after) || TryNamed(ref scan, start, end, out after) || LabelReader.TrySpokenKey(ref scan, start, end, out after);
    }

    // -----BEGIN RSA PRIVATE KEY----- … -----END RSA PRIVATE KEY-----; without an end, what follows is the key.
    private static bool TryPrivateKey(ref TextScan scan, int begin, out int after)
    {
        after = begin + 5;
        var text = scan.Text;
        var line = begin < 5 ? "" : text[(begin - 5)..begin] switch { "-----" => "-----", "---- " => " ----", _ => "" };
        if (line.Length == 0)
        {
            return false;
        }
        var head = text[begin..Math.Min(text.Length, begin + 60)];
        var label = head.IndexOf(line, StringComparison.Ordinal);
        if (label < 0 || !head[..label].Contains("PRIVATE KEY", StringComparison.Ordinal))
        {
            return false;
        }
        var body = text[(begin + label + 5)..Math.Min(text.Length, begin + 16_384)];
        body = body.IndexOf(TextScan.Wall) is var wall and >= 0 ? body[..wall] : body;
        var close = body.IndexOf(line[0] == '-' ? "-----END" : "---- END", StringComparison.Ordinal);
        after = begin + label + 5 + (close < 0 ? body.Length : close);
        if (close >= 0)
        {
            var tail = body[(close + 8)..].IndexOf(line, StringComparison.Ordinal);
            after += 8 + (tail is >= 0 and < 60 ? tail + 5 : 0);
        }
        scan.Add(PersonalDataType.PrivateKey, begin - 5, after, 0.99f);
        return true;
    }

    // PuTTY-User-Key-File-2: ssh-rsa … Private-Lines: 14 … Private-MAC: …
    private static bool TryPuttyKey(ref TextScan scan, int start, out int after)
    {
        after = start + 5;
        var text = scan.Text[start..Math.Min(scan.Text.Length, start + 16_384)];
        // Of a text that only begins so again and again a little is looked at: the public part before the private one is no longer.
        const int mostBefore = 1_024;
        if (!text.StartsWith("PuTTY-User-Key-File-", StringComparison.Ordinal) || text[..Math.Min(text.Length, mostBefore)].IndexOf("Private-Lines:", StringComparison.Ordinal) is not (var lines and >= 0))
        {
            return false;
        }
        var mac = text[lines..].IndexOf("Private-MAC:", StringComparison.Ordinal);
        after = mac < 0 ? start + text.Length : scan.TokenEnd(start + lines + mac + 13);
        scan.Add(PersonalDataType.PrivateKey, start, after, 0.97f);
        return true;
    }

    // hvs.CAES…, dp.pt.…: the beginning is in small letters, and one or two short words stand before the point.
    private static bool TryPointed(ref TextScan scan, int start, out int after)
    {
        after = start;
        for (var (point, words) = (start - 1, 0); words < 2 && scan.At(point) == '.'; words++)
        {
            var first = scan.WordStart(point);
            if (point - first is 0 or > 3) { return false; }
            if (SecretPrefixes.Match(scan.Text[first..Math.Min(scan.Text.Length, first + 512)]) is var length and > 0)
            {
                after = first + length;
                scan.Add(PersonalDataType.ApiKey, first, after, 0.95f);
                return true;
            }
            point = first - 1;
        }
        return false;
    }

    private static bool TrySecret(ref TextScan scan, int start, int end, out int after)
    {
        after = end;
        var text = scan.Text;
        // eyJ is {" in base64: header.payload.signature
        if (text[start..end].StartsWith("eyJ", StringComparison.Ordinal) && scan.TokenEnd(end) is var head && scan.At(head) == '.')
        {
            end = after = head;
            var payload = scan.TokenEnd(end + 1);
            if (payload - end > 8 && text[(end + 1)..payload].StartsWith("ey", StringComparison.Ordinal))
            {
                after = scan.At(payload) == '.' ? scan.TokenEnd(payload + 1) : payload;
                scan.Add(PersonalDataType.Jwt, start, after, 0.97f);
                return true;
            }
            // Encrypted (RFC 7516): five parts, the second of which is a key.
            var (parts, last) = (2, payload);
            for (; parts < 5 && scan.At(last) == '.'; parts++) { last = scan.TokenEnd(last + 1); }
            if (parts == 5 && last - start > 80)
            {
                after = last;
                scan.Add(PersonalDataType.Jwt, start, after, 0.97f);
                return true;
            }
        }
        var length = SecretPrefixes.Match(text[start..Math.Min(text.Length, start + 512)]);
        if (length == 0)
        {
            return false;
        }
        after = Math.Max(scan.TokenEnd(end), start + length);
        scan.Add(PersonalDataType.ApiKey, start, start + length, 0.95f);
        if (length == 20 && text[start] == 'A') { ServiceTokens.AddAwsSecret(ref scan, start + length); }
        return true;
    }

    // GB82 WEST 1234 5698 7654 32
    private static bool TryIban(ref TextScan scan, int start, out int after)
    {
        after = start;
        Span<char> compact = stackalloc char[34];
        var text = scan.Text;
        var count = 0;
        var at = start;
        var best = 0;
        var bestCount = 0;
        var wanted = Ibans.Length(text[start], text[start + 1]);
        while (at < text.Length && count < 34)
        {
            var c = text[at];
            if (char.IsAsciiLetterOrDigit(c))
            {
                compact[count++] = char.ToUpperInvariant(c);
                at++;
                if (!char.IsAsciiLetterOrDigit(scan.At(at)) && count >= 14)
                {
                    var valid = count == wanted && Checksums.Iban(compact[..count]);
                    // Without the check only what is written in one piece, or the whole length in groups.
                    if (valid || (wanted > 0 && (at - start == count || count == wanted)))
                    {
                        (best, bestCount) = (at, valid ? -1 : count);
                        if (valid || count == wanted) { break; }
                    }
                }
            }
            else if (c is ' ' or '-' or '\u00a0' && count % 4 == 0 && char.IsAsciiLetterOrDigit(scan.At(at + 1)))
            {
                at++;
            }
            else
            {
                break;
            }
        }
        if (best == 0)
        {
            return false;
        }
        var named = scan.HasBefore(start, Words.Account);
        var confidence = bestCount < 0 ? 0.97f : named ? 0.85f : 0;
        if (confidence == 0)
        {
            // Of the very length and grouping, so it is no other number either, and its groups are not looked at one by one.
            after = best;
            return bestCount == wanted;
        }
        scan.Add(PersonalDataType.Iban, start, best, confidence);
        after = best;
        return true;
    }

    private static bool TryWallet(ref TextScan scan, int start, ReadOnlySpan<char> word)
    {
        if (!Wallets.Is(word, ref scan.Hashes))
        {
            return false;
        }
        scan.Add(PersonalDataType.CryptoWallet, start, start + word.Length, 0.95f);
        return true;
    }

    // AB 12 34 56 C · 131052-308T · A123456(3) · 12.345.678-K · X-1234567-L
    private static bool TrySpacedId(ref TextScan scan, int start, int end, out int after)
    {
        after = end;
        var text = scan.Text;
        Span<char> compact = stackalloc char[9];
        if (end - start == 2 && char.IsAsciiLetterUpper(text[start]) && scan.At(end) == ' ' && start + 13 <= text.Length)
        {
            var used = 0;
            for (var i = 0; i < 13 && used < 9; i++)
            {
                if (text[start + i] != ' ') { compact[used++] = text[start + i]; }
            }
            if (used == 9 && LetteredIds.IsNino(compact) && !char.IsAsciiLetterOrDigit(scan.At(start + 13)) && text[start + 5] == ' ' && text[start + 8] == ' ')
            {
                after = start + 13;
                scan.Add(PersonalDataType.NationalId, start, after, 0.8f);
                return true;
            }
        }
        if (end - start == 1 && text[start] is 'X' or 'Y' or 'Z' && start + 11 <= text.Length && text[start + 1] == '-' && text[start + 9] == '-' && !char.IsLetterOrDigit(scan.At(start + 11)))
        {
            compact[0] = text[start];
            text.Slice(start + 2, 7).CopyTo(compact[1..]);
            compact[8] = text[start + 10];
            if (LetteredIds.IsSpanish(compact))
            {
                after = start + 11;
                scan.Add(PersonalDataType.NationalId, start, after, 0.9f);
                return true;
            }
        }
        if (end - start == 7 && scan.At(end) == '(' && start + 10 <= text.Length && LetteredIds.IsHkid(text.Slice(start, 10)))
        {
            after = start + 10;
            scan.Add(PersonalDataType.NationalId, start, after, 0.9f);
            return true;
        }
        return false;
    }

    private static bool IsMixed(ReadOnlySpan<char> word)
    {
        var digits = 0;
        foreach (var c in word)
        {
            if (!char.IsAsciiDigit(c) && !char.IsAsciiLetterUpper(c)) { return false; }
            digits += char.IsAsciiDigit(c) ? 1 : 0;
        }
        return digits >= 3;
    }

    private static PersonalDataType? Prefixed(ReadOnlySpan<char> word) => word switch
    {
        "MRN" or "NHC" or "PAT" or "POL" or "INS" or "MBR" => PersonalDataType.MedicalId,
        "NID" or "SSN" or "CPF" => PersonalDataType.NationalId,
        "EMP" or "STU" or "BADG" => PersonalDataType.PersonalId,
        _ => null,
    };

    // MRN-1003736, NID-900194831: the letters say what the digits are.
    private static bool TryNamed(ref TextScan scan, int start, int end, out int after)
    {
        after = end;
        var word = scan.Text[start..end];
        if (word.Length is >= 2 and <= 4 && scan.At(end) == '-' && char.IsAsciiDigit(scan.At(end + 1)) && Prefixed(word) is { } kind)
        {
            var last = scan.WordEnd(end + 1);
            if (last - end is >= 5 and <= 13 && scan.At(start - 1) is not ('-' or '_'))
            {
                scan.Add(kind, start, last, 0.8f);
                after = last;
                return true;
            }
        }
        if (word.Length is < 6 or > 20 || !word.ContainsAnyInRange('0', '9'))
        {
            return false;
        }
        if (word.Length is 8 or 9 && char.IsAsciiLetterUpper(word[0]) && !word[2..].ContainsAnyExceptInRange('0', '9') && scan.HasBefore(start, Words.Passport))
        {
            scan.Add(PersonalDataType.Passport, start, end, 0.85f);
            return true;
        }
        // C4VJ5K8H9: passports of Germany and others mix letters and digits.
        if (word.Length == 9 && IsMixed(word) && scan.HasBefore(start, Words.Passport, 24))
        {
            scan.Add(PersonalDataType.Passport, start, end, 0.8f);
            return true;
        }
        if (LetteredIds.IsBritishLicense(word) && scan.HasBefore(start, Words.License, 32))
        {
            scan.Add(PersonalDataType.DriverLicense, start, end, 0.85f);
            return true;
        }
        // Asked last for the words before it, which are searched for.
        if (!Labels.IsValue(word))
        {
            return false;
        }
        if (word.Length >= 7 && char.IsAsciiLetterUpper(word[0]) && scan.HasBefore(start, Words.License, 32))
        {
            scan.Add(PersonalDataType.DriverLicense, start, end, 0.7f);
            return true;
        }
        if (scan.HasBefore(start, Words.Passport, 28))
        {
            scan.Add(PersonalDataType.Passport, start, end, 0.75f);
            return true;
        }
        return false;
    }
}
