namespace Bellwether.Detection;

/// <summary>
/// Secrets that are told by their shape and not by their beginning: bots of Telegram and Discord, addresses that whoever knows them may post to, and keys with a
/// mark in their middle. Each reader looks a bounded way to either side.
/// </summary>
internal static class ServiceTokens
{
    private const int Longest = 160;

    private readonly record struct Hook(string Host, string Path, int Fewest);

    // The place, and how many characters of the secret follow at least. https://api.slack.com/messaging/webhooks, https://discord.com/developers/docs/resources/webhook
    private static readonly Hook[] s_hooks =
    [
        new("hooks.slack.com", "/services/T", 30), new("hooks.slack.com", "/workflows/T", 30), new("hooks.slack.com", "/triggers/", 30), new("discord.com", "/api/webhooks/", 70), new("discordapp.com", "/api/webhooks/", 70),
        new(".webhook.office.com", "/webhookb2/", 60), new("outlook.office.com", "/webhook/", 60), new("hooks.zapier.com", "/hooks/catch/", 10), new("maker.ifttt.com", "/use/", 20),
    ];

    /// <summary>Digits and a colon: <c>123456789:AA</c> and 33 more (https://core.telegram.org/bots/api#authorizing-your-bot).</summary>
    public static bool TryTelegram(ref TextScan scan, int colon, out int after)
    {
        after = colon + 1;
        if (scan.At(colon + 1) != 'A' || !char.IsAsciiDigit(scan.At(colon - 1)))
        {
            return false;
        }
        var start = colon;
        while (start > 0 && colon - start <= 10 && char.IsAsciiDigit(scan.Text[start - 1])) { start--; }
        var end = scan.TokenEnd(colon + 1, 40);
        if (colon - start is < 8 or > 10 || end - colon != 36 || scan.At(colon + 2) is < 'A' or > 'H' || !HasAll(scan.Text[(colon + 1)..end]))
        {
            return false;
        }
        after = end;
        scan.Add(PersonalDataType.ApiKey, start, end, 0.95f);
        return true;
    }

    /// <summary>What has a shape of its own and begins with the word from <paramref name="start"/> to <paramref name="end"/>.</summary>
    public static bool TryRead(ref TextScan scan, int start, int end, out int after) =>
        TryDiscord(ref scan, start, end, out after) || TryMarked(ref scan, start, end, out after) || TryRefresh(ref scan, start, out after);

    /// <summary>The secret of a key of AWS stands near its id and has no beginning of its own: 40 signs of base64.</summary>
    public static void AddAwsSecret(ref TextScan scan, int from)
    {
        const int reach = 80, length = 40;
        var text = scan.Text[from..Math.Min(scan.Text.Length, from + reach + length + 1)];
        for (var at = 0; at < text.Length; at++)
        {
            var end = at;
            while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '/' or '+')) { end++; }
            var word = text[at..end];
            if (word.Length == length && HasAll(word) && word.ContainsAnyInRange('A', 'Z'))
            {
                scan.Add(PersonalDataType.ApiKey, from + at, from + end, 0.85f);
                return;
            }
            at = end;
        }
    }

    // 1//0 and some hundred signs: what Google gives a program to renew its access.
    private static bool TryRefresh(ref TextScan scan, int start, out int after)
    {
        after = start;
        // The zero may have been read as a number with the 1.
        start -= scan.Text[start] != '0' && scan.At(start - 1) == '0' ? 1 : 0;
        if (scan.Text[start] != '0' || scan.At(start - 1) != '/' || scan.At(start - 2) != '/' || scan.At(start - 3) != '1' || char.IsAsciiLetterOrDigit(scan.At(start - 4)))
        {
            return false;
        }
        var end = scan.TokenEnd(start, 160);
        if (end - start is < 40 or > 120 || !HasAll(scan.Text[start..end]))
        {
            return false;
        }
        after = end;
        scan.Add(PersonalDataType.ApiKey, start - 3, end, 0.9f);
        return true;
    }

    // MTIz….GhIjKl.…: the number of a Discord bot in base64, a time and a signature.
    private static bool TryDiscord(ref TextScan scan, int start, int end, out int after)
    {
        after = end;
        if (end - start is < 23 or > 28 || scan.Text[start] is not ('M' or 'N' or 'O') || scan.At(end) != '.' || scan.At(end + 7) != '.')
        {
            return false;
        }
        Span<byte> number = stackalloc byte[24];
        if (scan.TokenEnd(end + 1, 8) != end + 7 || !System.Buffers.Text.Base64Url.TryDecodeFromChars(scan.Text[start..end], number, out var digits) || number[..digits].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return false;
        }
        var last = scan.TokenEnd(end + 8, 48);
        if (last - end - 8 is < 27 or > 40)
        {
            return false;
        }
        after = last;
        scan.Add(PersonalDataType.ApiKey, start, last, 0.97f);
        return true;
    }

    /// <summary>The address of a webhook, from the colon of its scheme on.</summary>
    public static bool TryHook(ref TextScan scan, int colon, out int after)
    {
        after = colon + 1;
        var rest = scan.Text[colon..Math.Min(scan.Text.Length, colon + Longest * 2)];
        if (!rest.StartsWith("://", StringComparison.Ordinal) || !scan.Before(colon, 5).EndsWith("https", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }
        var slash = rest[3..].IndexOf('/') + 3;
        var host = rest[3..Math.Max(3, slash)];
        foreach (var hook in s_hooks)
        {
            if (!host.EndsWith(hook.Host, StringComparison.OrdinalIgnoreCase) || (host.Length > hook.Host.Length && hook.Host[0] != '.') || !rest[slash..].StartsWith(hook.Path, StringComparison.Ordinal))
            {
                continue;
            }
            var secret = slash + hook.Path.Length;
            var end = secret;
            while (end < rest.Length && (char.IsAsciiLetterOrDigit(rest[end]) || rest[end] is '/' or '-' or '_' or '@' or '.')) { end++; }
            while (end > secret && rest[end - 1] is '.' or '-') { end--; }
            if (end - secret < hook.Fewest || !rest[secret..end].ContainsAnyInRange('0', '9'))
            {
                return false;
            }
            after = colon + end;
            scan.Add(PersonalDataType.CredentialUrl, colon - 5, after, 0.95f);
            return true;
        }
        return false;
    }

    // Keys with a mark in their middle or at their end: Azure (8Q~, JQQJ99, AZDO), Terraform (.atlasv1.), Airtable, and hexadecimal digits with a beginning or a tail
    // (SK of Twilio, -us12 of Mailchimp, two groups of eight of Mailgun).
    private static bool TryMarked(ref TextScan scan, int start, int end, out int after)
    {
        after = end;
        var text = scan.Text;
        var last = (end - start, scan.At(end)) switch
        {
            // https://learn.microsoft.com/purview/sit-defn-azure-ad-client-secret: three signs, a digit, Q~ and 34 more.
            (5, '~') when text[end - 1] == 'Q' && char.IsAsciiDigit(text[end - 2]) && Signs(scan, end + 1, 34) is 34 => end + 35,
            (14, '.') when text[end..].StartsWith(".atlasv1.", StringComparison.Ordinal) && scan.TokenEnd(end + 9, 80) is var tail && tail - end >= 69 => tail,
            (84, _) when text.Slice(start + 76, 4) is "AZDO" || text.Slice(start + 52, 6) is "JQQJ99" => end,
            (17, '.') when text[start..].StartsWith("pat", StringComparison.Ordinal) && scan.TokenEnd(end + 1, 70) is var tail && tail - end == 65 && IsHex(text[(end + 1)..tail]) => tail,
            (34, _) when text[start..].StartsWith("SK", StringComparison.Ordinal) && IsHex(text[(start + 2)..end]) => end,
            (32, '-') when IsHex(text[start..end]) => HexTail(scan, end),
            _ => 0,
        };
        if (last == 0 || !HasAll(text[start..last]))
        {
            return false;
        }
        after = last;
        scan.Add(PersonalDataType.ApiKey, start, last, 0.9f);
        return true;
    }

    private static int HexTail(in TextScan scan, int end)
    {
        var tail = scan.TokenEnd(end + 1, 24);
        var text = scan.Text[(end + 1)..tail];
        var isRegion = text is ['u', 's', _] or ['u', 's', _, _] && !text[2..].ContainsAnyExceptInRange('0', '9');
        var isGroups = text.Length == 17 && text[8] == '-' && IsHex(text[..8]) && IsHex(text[9..]);
        return isRegion || isGroups ? tail : 0;
    }

    private static int Signs(in TextScan scan, int from, int most)
    {
        var at = from;
        while (at - from < most + 1 && (char.IsAsciiLetterOrDigit(scan.At(at)) || scan.At(at) is '-' or '_' or '.' or '~')) { at++; }
        return at - from;
    }

    private static bool IsHex(ReadOnlySpan<char> word)
    {
        foreach (var c in word)
        {
            if (!char.IsAsciiDigit(c) && c is < 'a' or > 'f') { return false; }
        }
        return true;
    }

    // Digits and letters of both kinds, unless there are no capitals at all, as in hexadecimal digits.
    private static bool HasAll(ReadOnlySpan<char> word) => word.ContainsAnyInRange('0', '9') && word.ContainsAnyInRange('a', 'z');
}
