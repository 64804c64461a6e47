using System.Collections.Frozen;

namespace Bellwether.Detection;

/// <summary>What kind of personal data or secret. The order is the priority: where two findings overlap, the earlier kind wins.</summary>
public enum PersonalDataType : byte
{
    PrivateKey, CredentialUrl, Jwt, ApiKey, Password, CryptoWallet, Email, Iban, CreditCard, Ssn, Phone, Ip, Mac,
    NationalId, TaxId, Passport, DriverLicense, MedicalId, BankAccount, PersonalId, BirthDate, Address, Person,
}

/// <summary>The names of <see cref="PersonalDataType"/> in APIs, settings and placeholders.</summary>
public static class PersonalDataTypes
{
    private static readonly string[] s_names =
    [
        "PRIVATE_KEY", "CREDENTIAL_URL", "JWT", "API_KEY", "PASSWORD", "CRYPTO_WALLET", "EMAIL", "IBAN", "CREDIT_CARD", "SSN", "PHONE", "IP", "MAC",
        "NATIONAL_ID", "TAX_ID", "PASSPORT", "DRIVER_LICENSE", "MEDICAL_ID", "BANK_ACCOUNT", "PERSONAL_ID", "DOB", "ADDRESS", "PERSON",
    ];

    private static readonly FrozenDictionary<string, PersonalDataType> s_types =
        Enum.GetValues<PersonalDataType>().ToFrozenDictionary(Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Every name, in the order of priority.</summary>
    public static IReadOnlyList<string> Names => s_names;

    public static int Count => s_names.Length;

    public static string Name(this PersonalDataType type) => s_names[(int)type];

    public static bool TryParse(string name, out PersonalDataType type) => s_types.TryGetValue(name, out type);

    /// <summary>Secrets open doors, whoever they belong to; the other kinds tell of a person.</summary>
    public static bool IsSecret(this PersonalDataType type) => type <= PersonalDataType.Password;

    /// <summary>Whether the kind has a form that can be checked, unlike names and addresses, which are guessed from words.</summary>
    public static bool IsStructured(this PersonalDataType type) => type is not (PersonalDataType.Person or PersonalDataType.Address);
}
