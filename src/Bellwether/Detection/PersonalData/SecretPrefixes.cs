using System.Buffers;

namespace Bellwether.Detection;

/// <summary>Keys that say themselves what they are: their issuers give them a fixed beginning so that scanners find them.</summary>
internal static class SecretPrefixes
{
    private readonly record struct Prefix(string Text, int Fewest, int Most);

    // The beginning, and the fewest and most characters that follow it.
    private static readonly Prefix[] s_all =
    [
        new("sk-ant-", 20, 200), new("sk-proj-", 20, 220), new("sk-svcacct-", 20, 220), new("sk-admin-", 20, 220), new("sk-or-v1-", 20, 100), new("sk-lf-", 20, 60), new("sk-", 20, 220), new("pk-lf-", 20, 60),
        new("AKIA", 16, 16), new("ASIA", 16, 16), new("ABIA", 16, 16), new("ACCA", 16, 16), new("AIza", 35, 35), new("ya29.", 20, 400), new("GOCSPX-", 28, 28), new("AQ.", 30, 80),
        new("ghp_", 30, 255), new("gho_", 30, 255), new("ghu_", 30, 255), new("ghs_", 30, 255), new("ghr_", 30, 255), new("github_pat_", 40, 255), new("glpat-", 20, 64), new("gldt-", 20, 64), new("glrt-", 20, 64),
        new("xoxb-", 10, 250), new("xoxp-", 10, 250), new("xoxa-", 10, 250), new("xoxe-", 10, 250), new("xoxe.", 10, 250), new("xoxr-", 10, 250), new("xoxs-", 10, 250), new("xapp-", 10, 250),
        new("sk_live_", 16, 250), new("sk_test_", 16, 250), new("rk_live_", 16, 250), new("rk_test_", 16, 250), new("pk_live_", 16, 250), new("pk_test_", 16, 250), new("whsec_", 20, 100),
        new("SG.", 40, 100), new("key-", 32, 32), new("hf_", 30, 50), new("npm_", 36, 36), new("pypi-", 60, 300), new("dop_v1_", 64, 64), new("doo_v1_", 64, 64), new("dckr_pat_", 20, 60), new("sq0atp-", 20, 30), new("sq0csp-", 40, 50), new("EAAA", 56, 80),
        new("shpat_", 32, 40), new("shpca_", 32, 40), new("shppa_", 32, 40), new("shpss_", 32, 40), new("lin_api_", 32, 60), new("ntn_", 40, 60), new("secret_", 40, 60), new("figd_", 36, 60), new("PMAK-", 50, 70), new("NRAK-", 27, 27), new("NRJS-", 19, 19),
        new("gsk_", 40, 60), new("xai-", 60, 100), new("r8_", 30, 45), new("pplx-", 40, 60), new("nvapi-", 50, 90), new("tgp_v1_", 30, 80), new("fw_", 22, 30), new("csk-", 40, 60), new("pcsk_", 40, 90), new("lsv2_", 30, 80), new("phc_", 40, 50), new("phx_", 40, 50), new("tvly-", 20, 50),
        new("vercel_", 20, 60), new("sbp_", 40, 44), new("sb_secret_", 20, 60), new("hvs.", 24, 200), new("hvb.", 90, 300), new("AGE-SECRET-KEY-1", 58, 58), new("dapi", 32, 34), new("rubygems_", 48, 48), new("sntrys_", 40, 300), new("glsa_", 32, 50), new("bw-", 20, 80), new("CFPAT-", 40, 50), new("ATATT3", 60, 250), new("EAAC", 100, 300), new("EAAG", 100, 300), new("EAAB", 100, 300),
        new("glptt-", 40, 64), new("glcbt-", 20, 64), new("gloas-", 64, 64), new("glsoat-", 20, 64), new("glft-", 20, 64), new("glimt-", 20, 64), new("glagent-", 50, 80), new("glffct-", 20, 64), new("GR1348941", 20, 20),
        new("api_org_", 34, 34), new("sk_org_live_", 20, 250), new("sk_org_test_", 20, 250), new("sk_", 48, 48), new("re_", 33, 33), new("pk_", 40, 44), new("xkeysib-", 81, 81), new("fm2_", 60, 450), new("EZAK", 54, 54), new("EZTK", 54, 54),
        new("ABSK", 100, 180), new("bedrock-api-key-", 60, 450), new("jina_", 60, 60), new("pa-", 43, 43), new("fc-", 32, 32), new("pul-", 40, 40), new("pnu_", 36, 36), new("oy2", 43, 43), new("cio", 32, 32), new("rdme_", 70, 70),
        new("dp.pt.", 40, 44), new("dp.st.", 40, 60), new("dp.ct.", 40, 44), new("sl.", 100, 450), new("sk.eyJ", 60, 200), new("dt0c01.", 89, 89), new("tfp_", 40, 70), new("tskey-", 20, 100), new("napi_", 60, 70), new("ops_eyJ", 200, 450),
        new("ATBB", 32, 32), new("dor_v1_", 64, 64), new("dckr_oat_", 20, 60), new("HRKU-", 36, 64), new("pscale_tkn_", 32, 64), new("pscale_pw_", 32, 64), new("pscale_oauth_", 32, 64), new("sntryu_", 64, 64), new("glc_", 40, 400),
        new("duffel_live_", 43, 43), new("duffel_test_", 43, 43), new("shippo_live_", 40, 40), new("shippo_test_", 40, 40), new("fio-u-", 64, 64), new("access-production-", 36, 36), new("access-sandbox-", 36, 36), new("access-development-", 36, 36),
    ];

    private static readonly Prefix[][] s_byFirst = ByFirst();
    private static readonly SearchValues<char> s_signs = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-.=+/");

    /// <returns>The length of the key that begins here, or 0.</returns>
    public static int Match(ReadOnlySpan<char> text)
    {
        if (text.Length == 0 || text[0] > 127)
        {
            return 0;
        }
        foreach (var prefix in s_byFirst[text[0]])
        {
            if (!text.StartsWith(prefix.Text, StringComparison.Ordinal))
            {
                continue;
            }
            var limit = Math.Min(text.Length, prefix.Text.Length + prefix.Most + 1);
            var end = text[..limit].IndexOfAnyExcept(s_signs);
            end = end < 0 ? limit : end;
            while (end > 0 && text[end - 1] is '.' or '-' or '=' or '/' or '+')
            {
                end--;
            }
            var length = end - prefix.Text.Length;
            if (length >= prefix.Fewest && length <= prefix.Most && IsRandom(text[prefix.Text.Length..end]) && !IsName(text[prefix.Text.Length..end]))
            {
                return end;
            }
        }
        return 0;
    }

    /// <summary>Whether it has digits and letters in it, as keys have and words joined by hyphens have not.</summary>
    public static bool IsRandom(ReadOnlySpan<char> text)
    {
        var digits = 0;
        var letters = 0;
        var upper = 0;
        foreach (var c in text)
        {
            digits += char.IsAsciiDigit(c) ? 1 : 0;
            letters += char.IsAsciiLetterLower(c) ? 1 : 0;
            upper += char.IsAsciiLetterUpper(c) ? 1 : 0;
        }
        return (digits > 0 && letters + upper > 0) || (digits > 9 && letters + upper == 0) || (letters > 4 && upper > 4);
    }

    // learn-pipeline-2024-final: words and short numbers with hyphens between them.
    private static bool IsName(ReadOnlySpan<char> text)
    {
        const int longestNumber = 4;
        foreach (var part in text.SplitAny('-', '_', '.', '/'))
        {
            var word = text[part];
            if (word.ContainsAnyExceptInRange('a', 'z') && (word.Length > longestNumber || word.ContainsAnyExceptInRange('0', '9'))) { return false; }
        }
        return true;
    }

    private static Prefix[][] ByFirst()
    {
        var table = new Prefix[128][];
        for (var i = 0; i < table.Length; i++)
        {
            table[i] = [.. s_all.Where(prefix => prefix.Text[0] == i)];
        }
        return table;
    }
}
