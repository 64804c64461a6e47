using System.ComponentModel.DataAnnotations;

namespace Bellwether.State;

/// <summary>Directly under <c>Bellwether</c>: the key that seals provider keys in the state store.</summary>
public sealed class MasterKeyOptions
{
    /// <summary>Base64 of 32 bytes, or a pass phrase of at least 16 characters. Empty: a file in the data folder, made at the first start.</summary>
    [RegularExpression("^$|^.{16,512}$", ErrorMessage = "must be base64 of 32 bytes or a pass phrase of at least 16 characters")]
    public string MasterKey { get; set; } = "";

    /// <summary>The key used before, while what it sealed is sealed again under the new one at start.</summary>
    [RegularExpression("^$|^.{16,512}$", ErrorMessage = "must be base64 of 32 bytes or a pass phrase of at least 16 characters")]
    public string PreviousMasterKey { get; set; } = "";
}
