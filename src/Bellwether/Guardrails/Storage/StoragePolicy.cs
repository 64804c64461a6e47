using System.Diagnostics.CodeAnalysis;
using Bellwether.Detection;
using Bellwether.State;
using Microsoft.Extensions.Options;

namespace Bellwether.Guardrails;

/// <summary>What to write in place of each kind of finding.</summary>
internal sealed class StoragePolicy : PersonalDataReplacement
{
    private readonly StorageAction[] _actions = new StorageAction[PersonalDataTypes.Count];
    private readonly PersonalDataHash _hash;

    [SuppressMessage("Style", "IDE0290", Justification = "There is more to do than to keep the parameters.")]
    public StoragePolicy(IOptions<StoragePolicyOptions> options, MasterKeys keys)
    {
        var others = options.Value.GetValueOrDefault(StoragePolicyOptions.All, StorageAction.Mask);
        foreach (var type in Enum.GetValues<PersonalDataType>())
        {
            _actions[(int)type] = options.Value.GetValueOrDefault(type.Name(), others);
        }
        KeepsAll = Array.TrueForAll(_actions, action => action == StorageAction.Keep);
        KeepsIdentifiers = KeepsAll || options.Value.ContainsKey(StoragePolicyOptions.Identifiers);
        KeepsDatasets = KeepsAll || options.Value.ContainsKey(StoragePolicyOptions.Datasets);
        _hash = new PersonalDataHash(keys);
    }

    /// <summary>True when nothing is to be changed, so that nothing need be looked for.</summary>
    public bool KeepsAll { get; }

    /// <summary>True when users, sessions and other names stay as they came.</summary>
    public bool KeepsIdentifiers { get; }

    /// <summary>True when what somebody saved stays as it came.</summary>
    public bool KeepsDatasets { get; }

    public override bool Keeps(PersonalDataType type) => _actions[(int)type] == StorageAction.Keep;

    public override string Placeholder(PersonalDataType type, ReadOnlySpan<char> value) =>
        _actions[(int)type] == StorageAction.Hash ? Hash(type, value) : Placeholders.Of(type);

    /// <summary>The placeholder that tells one value from another, whatever the action is.</summary>
    public string Hash(PersonalDataType type, ReadOnlySpan<char> value) => _hash.Placeholder(type, value);
}

/// <summary><c>[EMAIL]</c> and its kin, made once.</summary>
internal static class Placeholders
{
    private static readonly string[] s_all = [.. PersonalDataTypes.Names.Select(name => $"[{name}]")];

    public static string Of(PersonalDataType type) => s_all[(int)type];
}
