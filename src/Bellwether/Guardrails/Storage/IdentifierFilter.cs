using System.Text;
using Bellwether.Detection;

namespace Bellwether.Guardrails;

/// <summary>
/// Takes personal data out of what records are found by: users, sessions, authors, names. What is no opaque id (an e-mail address as a
/// user) becomes its keyed hash, whether policy says mask or hash, so that one user stays one user and a question for
/// the address still finds what was stored. Only kinds that an opaque id does not resemble by chance count.
/// </summary>
internal sealed class IdentifierFilter(StoragePolicy policy)
{
    /// <summary>Shorter ones hold none of the kinds that count: an address of the network has seven signs, a@b.co six.</summary>
    private const int Shortest = 6;
    private const int GuidLength = 36;

    [ThreadStatic]
    private static FindingBuffer? s_found;

    private readonly CleanTexts _clean = new();

    /// <param name="identifier">As the sender, or somebody who asks, named it.</param>
    /// <param name="meters">Counts what was replaced; null when a question is translated.</param>
    /// <returns>The same object when nothing changes.</returns>
    public string Filter(string identifier, RedactionMeters? meters)
    {
        // Every call's request id is new, and one of our own is a GUID: it would push out what comes again.
        if (policy.KeepsIdentifiers || identifier.Length < Shortest || (identifier.Length == GuidLength && Guid.TryParseExact(identifier, "D", out _)) || _clean.Contains(identifier))
        {
            return identifier;
        }
        StringBuilder? into = null;
        var copied = 0;
        // A number alone may pass the checksum of a card and is still a number in somebody's table.
        if (identifier.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            var found = s_found ??= new FindingBuffer();
            PersonalDataScanner.Scan(identifier, found);
            foreach (var finding in found.Items)
            {
                if (!Counts(finding, identifier) || policy.Keeps(finding.Type))
                {
                    continue;
                }
                into ??= new StringBuilder(identifier.Length + 16);
                into.Append(identifier.AsSpan(copied, finding.Start - copied)).Append(policy.Hash(finding.Type, identifier.AsSpan(finding.Start, finding.Length)));
                copied = finding.End;
                meters?.Redacted(finding.Type);
            }
        }
        if (into is null)
        {
            _clean.Add(identifier);
            return identifier;
        }
        return into.Append(identifier.AsSpan(copied)).ToString();
    }

    private static bool Counts(PersonalDataFinding finding, string identifier) => finding.Type switch
    {
        PersonalDataType.PrivateKey or PersonalDataType.CredentialUrl or PersonalDataType.Jwt or PersonalDataType.ApiKey or PersonalDataType.CryptoWallet
            or PersonalDataType.Email or PersonalDataType.Iban or PersonalDataType.CreditCard or PersonalDataType.Ssn or PersonalDataType.Ip or PersonalDataType.Mac => true,
        PersonalDataType.Phone => identifier[finding.Start] == '+',
        PersonalDataType.Password or PersonalDataType.NationalId or PersonalDataType.TaxId or PersonalDataType.Passport or PersonalDataType.DriverLicense or PersonalDataType.MedicalId
            or PersonalDataType.BankAccount or PersonalDataType.PersonalId or PersonalDataType.BirthDate or PersonalDataType.Address or PersonalDataType.Person => false,
        _ => throw new ArgumentOutOfRangeException(nameof(finding), finding.Type, null),
    };
}
