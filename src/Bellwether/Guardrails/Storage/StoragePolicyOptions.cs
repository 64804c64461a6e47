using Bellwether.Detection;
using Bellwether.Primitives;
using Microsoft.Extensions.Options;

namespace Bellwether.Guardrails;

/// <summary>What becomes of a finding before it is stored.</summary>
public enum StorageAction
{
    /// <summary>Its kind in brackets takes its place: <c>[EMAIL]</c>.</summary>
    Mask,
    /// <summary>Kind and a short keyed hash: <c>[EMAIL:3f9a1c20b7]</c>. The same value has the same hash, so that it can be counted and followed.</summary>
    Hash,
    /// <summary>It is stored as it came.</summary>
    Keep,
}

/// <summary>
/// Section <c>Bellwether:Guardrails:Storage</c>: for each kind of personal data (<c>EMAIL</c>, <c>CREDIT_CARD</c> …) <c>mask</c>,
/// <c>hash</c> or <c>keep</c>; <c>ALL</c> for every kind that is not named. Without any, everything is masked.
/// </summary>
public sealed class StoragePolicyOptions() : Dictionary<string, StorageAction>(StringComparer.OrdinalIgnoreCase)
{
    /// <summary>The name that stands for every kind that is not named.</summary>
    public static readonly string All = "ALL";

    /// <summary>The name that stands for what records are found by (users, sessions, authors); only <c>keep</c> can be said of it. Without it they are hashed where they are personal data.</summary>
    public static readonly string Identifiers = "IDENTIFIERS";

    /// <summary>The name that stands for rows of datasets and runs of experiments; only <c>keep</c> can be said of it. Without it kinds that have a form are treated as elsewhere.</summary>
    public static readonly string Datasets = "DATASETS";
}

/// <summary>Names a kind that does not exist, and the one that was meant.</summary>
internal sealed class StoragePolicyValidator : IValidateOptions<StoragePolicyOptions>
{
    public ValidateOptionsResult Validate(string? name, StoragePolicyOptions options)
    {
        string[] known = [StoragePolicyOptions.All, StoragePolicyOptions.Identifiers, StoragePolicyOptions.Datasets, .. PersonalDataTypes.Names];
        var failures = options.Keys.Where(key => !known.Contains(key, StringComparer.OrdinalIgnoreCase)).Select(key =>
            $"Bellwether:Guardrails:Storage:{key} is not a kind of personal data" + (NearestName.Of(key, known) is { } near ? $"; did you mean {near}?" : $": they are {string.Join(", ", known)}")).ToList();
        foreach (var whole in new[] { StoragePolicyOptions.Identifiers, StoragePolicyOptions.Datasets })
        {
            if (options.TryGetValue(whole, out var action) && action != StorageAction.Keep)
            {
                failures.Add($"Bellwether:Guardrails:Storage:{whole} can only be keep: without it, what is said of each kind counts");
            }
        }
        return failures.Count > 0 ? ValidateOptionsResult.Fail(failures) : ValidateOptionsResult.Success;
    }
}
