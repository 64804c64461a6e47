using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Bellwether.Server.Tests;

/// <summary>A person that nobody is, always the same for a number, with an identifier of every kind that docs/personal-data.md says is found.</summary>
internal sealed record SyntheticPerson(int Number, string Name, string Email, string Phone, string Card, string Ssn)
{
    private static readonly string[] s_given = ["Anna", "Michael", "Laura", "Robert", "Sofia", "Thomas", "Julia", "Daniel", "Marta", "Stefan"];
    private static readonly string[] s_syllables = ["bra", "vel", "quo", "zin", "tar", "mol", "ked", "pru", "sha", "lon", "fib", "gax", "wer", "dul", "hix", "jor"];
    private static readonly string[] s_streets = ["{0} {1} Street, Springfield, IL 62704", "{0} {1} Avenue, Dayton, OH 45402", "{0} {1} Road, Leeds"];

    /// <summary>What it says of itself, each with the part that must be nowhere afterwards.</summary>
    public required IReadOnlyList<(string Said, string Canary)> Facts { get; init; }

    public string[] Canaries => [Name, Email, Digits(Phone), Card, Ssn, .. Facts.Select(fact => fact.Canary)];

    /// <summary>As a person tells it.</summary>
    public string Story => $"My name is {Name}, write to {Email} or call {Phone}. My SSN is {Ssn} and the card is {Card}. {string.Join(". ", Facts.Select(fact => fact.Said))}. Thanks!";

    /// <summary>What an answer says to it.</summary>
    public string Reply => $"Dear {Name},\nwe wrote to {Email} and charged {Card}.";

    /// <summary>What a tool is called with.</summary>
    public object Fields => new { name = Name, email = Email, phone = Phone, ssn = Ssn, card_number = Card };

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
        var email = $"{given}.{surname}{number}@mail.example".ToLowerInvariant();
        return new SyntheticPerson(number, $"{given} {surname}", email, PhoneOf(number), SyntheticNumbers.Card(number), SyntheticNumbers.Ssn(number))
        {
            Facts = [.. FactsOf(number, email, surname.ToString())],
        };
    }

    private static IEnumerable<(string Said, string Canary)> FactsOf(int number, string email, string surname)
    {
        var random = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(email)));
        yield return SyntheticNumbers.Iban(number) is var iban ? ($"My account is {iban}", iban) : default;
        yield return SyntheticNumbers.National(number);
        yield return Network(number, random);
        yield return number % 2 == 0 ? ($"My wallet is 0x{random[..40]}", random[..40]) : Mac(random);
        yield return Secret(number, random);
        yield return Invariant($"X{number % 10}{SyntheticNumbers.Spread(number, 999_983):000000}") is var passport && number % 2 == 0
            ? ($"My passport number is {passport}", passport)
            : ($"My driver license number is D{passport}", "D" + passport);
        yield return new DateOnly(1941, 1, 1).AddDays(number * 11 % 22_000) is var birth && number % 2 == 0
            ? ($"My date of birth is {Iso(birth)}", Iso(birth))
            : ($"I was born on {birth.ToString("d MMMM yyyy", CultureInfo.InvariantCulture)}", birth.ToString("d MMMM yyyy", CultureInfo.InvariantCulture));
        yield return string.Format(CultureInfo.InvariantCulture, s_streets[number % s_streets.Length], 100 + (number % 9_000), surname) is var address
            ? ($"I live at {address}", address[..(address.IndexOf(surname, StringComparison.Ordinal) + surname.Length)]) : default;
        if (number % 4 == 0)
        {
            var words = Convert.ToBase64String(Encoding.UTF8.GetBytes($"contact {email} please"));
            yield return ($"Here it is in base64: {words}", words);
        }
    }

    // JSON may write the plus sign as \u002B: a search for the whole number would pass over it.
    private static string Digits(string phone) => phone.TrimStart('+');

    private static string PhoneOf(int number)
    {
        var n = SyntheticNumbers.Spread(number, 9_999_991);
        return (number % 6) switch
        {
            0 => Invariant($"+1 (4{number / 100 % 90 + 10:00}) 555-{number % 10_000:0000}"),
            1 => Invariant($"+44 20 7{n % 1_000:000} {n / 1_000:0000}"),
            2 => Invariant($"+49 30 {10_000_000 + n:00000000}"),
            3 => Invariant($"+33 6 {n / 100_000 % 100:00} {n / 1_000 % 100:00} {n / 10 % 100:00} {n % 10 * 10:00}"),
            4 => Invariant($"+91 98{n / 1_000 % 1_000:000} {n % 1_000:000}{number % 100:00}"),
            _ => Invariant($"+55 11 9{n / 1_000 % 10_000:0000}-{number % 10_000:0000}"),
        };
    }

    private static (string, string) Network(int number, string random)
    {
        var ip = number % 3 == 0
            ? $"2001:db8:{random[..4]}:{random[4..8]}:{random[8..12]}:{random[12..16]}:{random[16..20]}:{random[20..24]}"
            : Invariant($"203.0.{100 + number / 150 % 150}.{100 + (number % 150)}");
        return ($"I came from the IP address {ip}", ip);
    }

    private static (string, string) Mac(string random) => string.Join(':', random[..12].Chunk(2).Select(pair => new string(pair))) is var mac ? ($"My device has the MAC {mac}", mac) : default;

    private static (string, string) Secret(int number, string random)
    {
        var secret = (number % 7) switch
        {
            0 => "ghp_" + random[..36],
            1 => "AKIA" + random[..16].ToUpperInvariant().Replace('0', 'Q').Replace('1', 'R').Replace('8', 'S').Replace('9', 'T'),
            2 => "sk-proj-" + random[..48],
            3 => "eyJhbGciOiJIUzI1NiJ9." + Base64Url($"{{\"sub\":\"{random[..24]}\"}}") + "." + Base64Url(random[..32]),
            4 => $"-----BEGIN PRIVATE KEY-----\nMIIEvQ{random}\n{random}\n-----END PRIVATE KEY-----",
            5 => $"postgres://service:{random[..20]}@db.internal:5432/orders",
            _ => random[..16] + "!Aa",
        };
        // Of what has parts, the one that is the secret.
        return (number % 7) switch
        {
            3 => ($"My token is {secret}", secret.Split('.')[1]),
            4 => ($"My key is {secret}", random),
            5 => ($"The database is {secret}", random[..20]),
            6 => ($"My password: {secret}", secret),
            _ => ($"My key is {secret}", secret),
        };
    }

    private static string Base64Url(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static string Iso(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
