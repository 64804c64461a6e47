using System.Globalization;
using System.Text;

namespace Bellwether.Server.Tests;

/// <summary>A person that nobody is, always the same for a number: every identifier is valid by its checksum and occurs once.</summary>
internal sealed record SyntheticPerson(string Name, string Email, string Phone, string Ssn, string Card, string Iban)
{
    private static readonly string[] s_given = ["Anna", "Michael", "Laura", "Robert", "Sofia", "Thomas", "Julia", "Daniel", "Marta", "Stefan"];
    private static readonly string[] s_syllables = ["bra", "vel", "quo", "zin", "tar", "mol", "ked", "pru", "sha", "lon", "fib", "gax", "wer", "dul", "hix", "jor"];

    // JSON may write the plus sign as \u002B: a search for the whole number would pass over it.
    public string[] Canaries => [Name, Email, Phone[3..], Ssn, Card, Iban];

    /// <summary>As a person tells it.</summary>
    public string Story => $"My name is {Name}, write to {Email} or call {Phone}. My SSN is {Ssn}, the card {Card} and the account {Iban}. Thanks!";

    public static SyntheticPerson Of(int number)
    {
        // A surname that no list has and no other person.
        var surname = new StringBuilder();
        for (var rest = number + 4_096; rest > 0; rest /= 16)
        {
            surname.Append(s_syllables[rest % 16]);
        }
        surname[0] = char.ToUpperInvariant(surname[0]);
        var given = s_given[number % s_given.Length];
        return new SyntheticPerson(
            $"{given} {surname}", $"{given}.{surname}{number}@mail.example".ToLowerInvariant(), Invariant($"+1 (4{number / 100 % 90 + 10:00}) 555-{number % 10_000:0000}"),
            Invariant($"{100 + (number % 500):000}-{1 + (number / 500 % 99):00}-{1_000 + (number * 7 % 8_999):0000}"), Card16(number), Iban22(number));
    }

    private static string Card16(int number)
    {
        var body = Invariant($"4539{number:00000000000}");
        var sum = body.Reverse().Select((c, i) => i % 2 == 0 ? (c - '0') * 2 is var twice && twice > 9 ? twice - 9 : (c - '0') * 2 : c - '0').Sum();
        return string.Join(' ', (body + ((10 - (sum % 10)) % 10)).Chunk(4).Select(part => new string(part)));
    }

    private static string Iban22(int number)
    {
        var body = Invariant($"37040044{number:0000000000}");
        var remainder = 0;
        foreach (var c in body + "131400")
        {
            remainder = ((remainder * 10) + (c - '0')) % 97;
        }
        return Invariant($"DE{98 - remainder:00}{body}");
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
