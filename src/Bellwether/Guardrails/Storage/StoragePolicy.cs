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
        _hash = new PersonalDataHash(keys);
    }

    /// <summary>True when nothing is to be changed, so that nothing need be looked for.</summary>
    public bool KeepsAll { get; }

    public override bool Keeps(PersonalDataType type) => _actions[(int)type] == StorageAction.Keep;

    public override string Placeholder(PersonalDataType type, ReadOnlySpan<char> value) =>
        _actions[(int)type] == StorageAction.Hash ? _hash.Placeholder(type, value) : Placeholders.Of(type);
}

/// <summary><c>[EMAIL]</c> and its kin, made once.</summary>
internal static class Placeholders
{
    private static readonly string[] s_all = [.. PersonalDataTypes.Names.Select(name => $"[{name}]")];

    public static string Of(PersonalDataType type) => s_all[(int)type];
}
