using Bellwether.Detection;

namespace Bellwether.Tests.Detection;

/// <summary>Every checksum against a number that its issuer, a standard or an encyclopedia publishes; one digit changed must fail.</summary>
public sealed class PersonalDataChecksumTests
{
    private delegate bool Check(ReadOnlySpan<byte> digits);

    private static readonly Dictionary<string, Check> s_checks = new()
    {
        ["Luhn"] = Checksums.Luhn, ["Verhoeff"] = Checksums.Verhoeff,
        ["Poland PESEL"] = NationalIds.IsPesel, ["Netherlands BSN"] = NationalIds.IsDutchBsn, ["Portugal NIF"] = NationalIds.IsPortugueseNif, ["France NIR"] = NationalIds.IsFrenchNir,
        ["Turkey"] = NationalIds.IsTurkishId, ["UK NHS"] = NationalIds.IsNhsNumber, ["Bulgaria EGN"] = NationalIds.IsBulgarianEgn, ["Belgium"] = NationalIds.IsBelgianNumber, ["Denmark CPR"] = NationalIds.IsDanishCpr,
        ["Estonia"] = NationalIds.IsEstonianIsikukood, ["Germany IdNr"] = NationalIds.IsGermanTaxId, ["Croatia OIB"] = NationalIds.IsCroatianOib, ["Norway"] = NationalIds.IsNorwegianNumber, ["Sweden"] = NationalIds.IsSwedishPersonnummer,
        ["Czechia"] = NationalIds.IsCzechRodneCislo, ["Romania CNP"] = NationalIds.IsRomanianCnp, ["Switzerland AHV"] = NationalIds.IsSwissAhv, ["Thailand"] = NationalIds.IsThaiId, ["South Africa"] = NationalIds.IsSouthAfricanId,
        ["Brazil CPF"] = NationalIds.IsBrazilianCpf, ["Brazil CNPJ"] = NationalIds.IsBrazilianCnpj, ["Argentina CUIL"] = NationalIds.IsArgentineCuil, ["Chile RUT"] = NationalIds.IsChileRut, ["Israel"] = NationalIds.IsIsraelId,
        ["Canada SIN"] = NationalIds.IsCanadianSin, ["Australia TFN"] = NationalIds.IsAustralianTfn, ["Greece AFM"] = NationalIds.IsGreekAfm, ["Greece AMKA"] = NationalIds.IsGreekAmka, ["India Aadhaar"] = NationalIds.IsAadhaar,
        ["Russia INN"] = NationalIds.IsRussianInn, ["Russia SNILS"] = NationalIds.IsRussianSnils, ["Japan"] = NationalIds.IsJapaneseMyNumber, ["Ukraine"] = NationalIds.IsUkrainianRnokpp, ["Hungary TAJ"] = NationalIds.IsHungarianTaj,
        ["Slovenia EMŠO"] = NationalIds.IsYugoslavJmbg, ["Iran"] = NationalIds.IsIranianId, ["Ecuador"] = NationalIds.IsEcuadorianCedula,
    };

    [Theory]
    [InlineData("Russia INN", "7707083893")]
    [InlineData("Russia INN", "500100732259")]
    [InlineData("Russia SNILS", "11223344595")]
    [InlineData("Japan", "123456789018")]
    [InlineData("Ukraine", "3184710691")]
    [InlineData("Hungary TAJ", "123456788")]
    [InlineData("Slovenia EMŠO", "0101006500006")]
    [InlineData("Iran", "0499370899")]
    [InlineData("Ecuador", "1710034065")]
    [InlineData("Luhn", "79927398713")]
    [InlineData("Luhn", "4111111111111111")]
    [InlineData("Luhn", "378282246310005")]
    [InlineData("Verhoeff", "2363")]
    [InlineData("Poland PESEL", "44051401359")]
    [InlineData("Netherlands BSN", "111222333")]
    [InlineData("Portugal NIF", "123456789")]
    [InlineData("France NIR", "255081416802538")]
    [InlineData("Turkey", "10000000146")]
    [InlineData("UK NHS", "9434765919")]
    [InlineData("Bulgaria EGN", "7523169263")]
    [InlineData("Belgium", "85073003328")]
    [InlineData("Denmark CPR", "2110625629")]
    [InlineData("Estonia", "36805280109")]
    [InlineData("Germany IdNr", "36574261809")]
    [InlineData("Croatia OIB", "33392005961")]
    [InlineData("Norway", "15108695088")]
    [InlineData("Sweden", "8803200016")]
    [InlineData("Czechia", "7103192745")]
    [InlineData("Romania CNP", "1630615123457")]
    [InlineData("Switzerland AHV", "7569217076985")]
    [InlineData("Thailand", "1234545678781")]
    [InlineData("South Africa", "7503305044089")]
    [InlineData("Brazil CPF", "39053344705")]
    [InlineData("Brazil CNPJ", "16727230000197")]
    [InlineData("Argentina CUIL", "20055361682")]
    [InlineData("Chile RUT", "125319092")]
    [InlineData("Israel", "039337423")]
    [InlineData("Canada SIN", "123456782")]
    [InlineData("Australia TFN", "123456782")]
    [InlineData("Greece AFM", "094259216")]
    [InlineData("Greece AMKA", "01013099997")]
    [InlineData("India Aadhaar", "234123412346")]
    public void A_published_number_passes_and_one_with_a_wrong_last_digit_does_not(string name, string number)
    {
        byte[] digits = [.. number.Select(c => (byte)(c - '0'))];
        Assert.True(s_checks[name](digits), name);
        digits[^1] = (byte)((digits[^1] + 1) % 10);
        Assert.False(s_checks[name](digits), name);
    }

    [Theory]
    [InlineData("54362315K")]
    [InlineData("X2482300W")]
    [InlineData("S1234567D")]
    [InlineData("6433435F")]
    [InlineData("6433435FT")]
    [InlineData("A123456789")]
    [InlineData("RSSMRA80A01H501U")]
    [InlineData("BOXW310820HNERXN09")]
    [InlineData("AB123456C")]
    [InlineData("ACUPA7085R")]
    [InlineData("11010519491231002X")]
    public void A_published_number_with_letters_passes(string number) => Assert.True(LetteredIds.Confidence(number) >= 0.5f);

    [Theory]
    [InlineData("54362315A")]
    [InlineData("X2482300T")]
    [InlineData("S1234567A")]
    [InlineData("6433435A")]
    [InlineData("A123456788")]
    [InlineData("RSSMRA80A01H501A")]
    [InlineData("BOXW310820HNERXN08")]
    [InlineData("BG123456C")]
    [InlineData("12010519491231002X")]
    public void A_wrong_check_letter_does_not_pass(string number) => Assert.True(LetteredIds.Confidence(number) < 0.5f);

    [Fact]
    public void Signs_between_digits_are_part_of_the_Finnish_and_the_Hong_Kong_number()
    {
        Assert.True(LetteredIds.IsHetu("131052-308T"));
        Assert.False(LetteredIds.IsHetu("131052-308U"));
        Assert.True(LetteredIds.IsHkid("A123456(3)"));
        Assert.False(LetteredIds.IsHkid("A123456(4)"));
    }

    // The registry's own examples.
    [Theory]
    [InlineData("GB82WEST12345698765432")]
    [InlineData("DE89370400440532013000")]
    [InlineData("FR1420041010050500013M02606")]
    [InlineData("NL91ABNA0417164300")]
    [InlineData("CH9300762011623852957")]
    [InlineData("NO9386011117947")]
    [InlineData("MT84MALT011000012345MTLCAST001S")]
    [InlineData("SC18SSCB11010000000000001497USD")]
    public void An_example_of_the_IBAN_registry_passes_and_has_its_countrys_length(string iban)
    {
        Assert.True(Checksums.Iban(iban));
        Assert.Equal(iban.Length, Ibans.Length(iban[0], iban[1]));
        Assert.False(Checksums.Iban(iban[..^1] + (iban[^1] == '1' ? '2' : '1')));
    }

    // BIP 173, BIP 350, and the first block's address.
    [Theory]
    [InlineData("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa")]
    [InlineData("3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy")]
    [InlineData("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4")]
    [InlineData("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4")]
    [InlineData("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0")]
    [InlineData("0x52908400098527886E0F7030069857D2E4169EE7")]
    public void A_published_wallet_passes_and_one_changed_does_not(string wallet)
    {
        var hashes = 10;
        Assert.True(Wallets.Is(wallet, ref hashes));
        Assert.False(Wallets.Is(wallet[..^1] + (wallet[^1] == 'z' ? 'y' : wallet[0] == '0' ? 'g' : 'z'), ref hashes));
    }

    // The United States' Social Security Administration withdrew these, or never gives them out.
    [Theory]
    [InlineData("000121234", false)]
    [InlineData("666121234", false)]
    [InlineData("900121234", false)]
    [InlineData("219000999", false)]
    [InlineData("219090000", false)]
    [InlineData("536904399", true)]
    public void Areas_groups_and_serials_that_are_never_given_out_are_no_social_security_number(string number, bool valid) =>
        Assert.Equal(valid, NationalIds.IsSsn([.. number.Select(c => (byte)(c - '0'))]));
}
