using Bellwether.Detection;

namespace Bellwether.Tests.Detection;

/// <summary>A text ten times as long is ten times the work, whatever it says. Counted, not timed.</summary>
public sealed class WorkTests
{
    private static readonly string s_prompt = string.Join('\n', Enumerable.Range(0, 60).Select(i => $"- Rule {i}: when a traveller asks about harbour {i * 7}, tell the fare of line {i % 9} first."));

    public static TheoryData<string> Pieces => new(
        "123-45-", "131052-", "eyJa-", "1_1-", "a-b-c-d-", "1.2.3.4.", "A-B-C-", "a@", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb ", "sk-", "aaaa", "1111", "a:b:c:", "a=b&c=d&", "GB82-WEST-1234-", "AKIA-", "x_Y_1-", "Anna-", "+1-415-555-", "%41-");

    [Theory]
    [MemberData(nameof(Pieces))]
    public void Looking_for_personal_data_passes_over_each_unit_a_bounded_number_of_times(string piece)
    {
        var (tenth, whole) = (Looked(piece, 50_000), Looked(piece, 500_000));
        Assert.True(whole <= (tenth * 12) + 10_000, $"{tenth} units were passed over in a tenth, {whole} in the whole.");
        // The longest look ahead is 64 units.
        Assert.InRange(whole, 0, 500_000 * 80);
    }

    [Theory]
    [InlineData("when a traveller asks about harbour 14x")]
    [InlineData("aaaa")]
    [InlineData("- Rule 2: when a traveller asks about harbour 14, tell the fare of line 2 first. ")]
    public void A_comparison_with_a_prompt_takes_steps_in_proportion_to_the_answer(string piece)
    {
        var (tenth, whole) = (Steps(piece, 20_000), Steps(piece, 200_000));
        Assert.InRange(whole, tenth * 8, tenth * 12);
    }

    public static TheoryData<string> Disguises => new(
        "1_1-", "a=b&c=d&", "1gn0r3 4ll ", "i g n o r e 1gn0r3 vtaber gur cebzcg ", "vtaber nyy cerivbhf ", "%41%42", "QUJD", "YSBiIGMgZCBlIGYgZyBoIGkg ", "\U000E0041", "6120622063206420 ");

    [Theory]
    [MemberData(nameof(Disguises))]
    public void Looking_for_attacks_reads_each_token_a_bounded_number_of_times(string piece)
    {
        // Three disguises are undone in 64 KB each; what is decoded is no longer than what it was decoded from.
        const int Again = 3 * 64 * 1024;
        var (tenth, whole) = (TokensRead(piece, 50_000), TokensRead(piece, 500_000));
        Assert.True(whole <= (tenth * 12) + Again, $"{tenth} tokens were read in a tenth, {whole} in the whole.");
        Assert.InRange(whole, 1, (2 * 500_000) + Again);
    }

    private static int TokensRead(string piece, int length) => InjectionReader.Read(InjectionModel.Shipped, Repeat(piece, length), TextChannel.User).TokensRead;

    private static long Looked(string piece, int length)
    {
        var found = new FindingBuffer();
        PersonalDataScanner.Scan(Repeat(piece, length), found);
        return found.Looked;
    }

    private static long Steps(string piece, int length)
    {
        var scan = new LeakScan();
        scan.Begin(PromptIndex.Build(s_prompt));
        scan.Append(Repeat(piece, length), 0);
        scan.Finish();
        return scan.Steps;
    }

    private static string Repeat(string piece, int length) => string.Concat(Enumerable.Repeat(piece, length / piece.Length));
}
