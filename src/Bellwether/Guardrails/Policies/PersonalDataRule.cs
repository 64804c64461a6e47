using System.Collections.Immutable;
using Bellwether.Detection;

namespace Bellwether.Guardrails;

/// <summary>What becomes of a finding of personal data on its way to the provider, or back to the caller.</summary>
public enum PersonalDataAction
{
    /// <summary>It goes on as it is.</summary>
    Keep,
    /// <summary><c>[EMAIL]</c> takes its place.</summary>
    Mask,
    /// <summary>Kind and keyed hash, as in <see cref="StorageAction.Hash"/>.</summary>
    Hash,
    /// <summary>A token takes its place, which is turned back in the answer. Only upstream.</summary>
    Tokenise,
    /// <summary>The call is refused, or the answer cut.</summary>
    Block,
}

/// <summary>Personal data and secrets in the two directions of a call. What is stored is a matter of settings (<see cref="StoragePolicyOptions"/>).</summary>
public sealed record PersonalDataRule(PersonalDataTable Upstream, PersonalDataTable Answer)
{
    /// <summary>Everything is kept and seen.</summary>
    public static readonly PersonalDataRule Observed = new(PersonalDataTable.KeepAll, PersonalDataTable.KeepAll);

    /// <summary>Whether what is kept is recorded too. False, with everything kept: nobody looks.</summary>
    public bool Observe { get; init; } = true;
}

/// <summary>An action for each kind.</summary>
public sealed class PersonalDataTable : IEquatable<PersonalDataTable>
{
    /// <summary>The name that stands for every kind that is not named.</summary>
    public static readonly string All = StoragePolicyOptions.All;

    public static readonly PersonalDataTable KeepAll = new(PersonalDataAction.Keep, ImmutableDictionary<PersonalDataType, PersonalDataAction>.Empty);

    private readonly PersonalDataAction[] _actions = new PersonalDataAction[PersonalDataTypes.Count];

    /// <param name="others">For what is not named.</param>
    public PersonalDataTable(PersonalDataAction others, IReadOnlyDictionary<PersonalDataType, PersonalDataAction> named)
    {
        (Others, Named) = (others, named.ToImmutableSortedDictionary());
        Array.Fill(_actions, others);
        foreach (var (type, action) in Named)
        {
            _actions[(int)type] = action;
        }
        for (var type = 0; type < _actions.Length; type++)
        {
            Changing |= _actions[type] == PersonalDataAction.Keep ? 0 : 1u << type;
            Blocking |= _actions[type] == PersonalDataAction.Block ? 1u << type : 0;
        }
    }

    public PersonalDataAction Others { get; }
    public ImmutableSortedDictionary<PersonalDataType, PersonalDataAction> Named { get; }
    public PersonalDataAction this[PersonalDataType type] => _actions[(int)type];

    /// <summary>The kinds that are not kept, one bit each.</summary>
    public uint Changing { get; }
    /// <summary>The kinds that stop a call, one bit each.</summary>
    public uint Blocking { get; }
    /// <summary>True when nothing would be done whatever is found.</summary>
    public bool KeepsAll => Changing == 0;

    public bool Has(PersonalDataAction action) => Array.IndexOf(_actions, action) >= 0;

    public bool Equals(PersonalDataTable? other) => other is not null && _actions.AsSpan().SequenceEqual(other._actions);

    public override bool Equals(object? obj) => Equals(obj as PersonalDataTable);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(_actions.AsSpan()));
        return hash.ToHashCode();
    }
}
