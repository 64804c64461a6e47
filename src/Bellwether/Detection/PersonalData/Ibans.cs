namespace Bellwether.Detection;

/// <summary>The length of each country's IBAN, from the SWIFT IBAN registry (release 99).</summary>
internal static class Ibans
{
    private const string Lengths =
        "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18FO18FR27GB22GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27" +
        "JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26UA29VA22VG24XK20YE30";

    private static readonly byte[] s_lengths = Read();

    /// <summary>0 for letters that are no country with IBANs.</summary>
    public static int Length(char first, char second) =>
        char.IsAsciiLetter(first) && char.IsAsciiLetter(second) ? s_lengths[((first & 0x1f) * 32) + (second & 0x1f)] : 0;

    private static byte[] Read()
    {
        var lengths = new byte[32 * 32];
        for (var i = 0; i < Lengths.Length; i += 4)
        {
            lengths[((Lengths[i] & 0x1f) * 32) + (Lengths[i + 1] & 0x1f)] = byte.Parse(Lengths.AsSpan(i + 2, 2), provider: null);
        }
        return lengths;
    }
}
