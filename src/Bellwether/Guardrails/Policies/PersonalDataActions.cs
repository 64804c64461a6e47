using System.Numerics;
using Bellwether.Detection;
using Bellwether.Exchange;

namespace Bellwether.Guardrails;

internal static class PersonalDataActions
{
    /// <summary>The strongest action among some kinds, one bit each.</summary>
    public static PersonalDataAction Strongest(PersonalDataTable table, uint types)
    {
        var strongest = PersonalDataAction.Keep;
        for (; types != 0; types &= types - 1)
        {
            var action = table[(PersonalDataType)BitOperations.TrailingZeroCount(types)];
            strongest = action > strongest ? action : strongest;
        }
        return strongest;
    }

    /// <summary>As events name it.</summary>
    public static string Name(PersonalDataAction action) => action switch
    {
        PersonalDataAction.Keep => GuardActions.Observe,
        PersonalDataAction.Mask => GuardActions.Mask,
        PersonalDataAction.Hash => GuardActions.Hash,
        PersonalDataAction.Tokenise => GuardActions.Tokenise,
        PersonalDataAction.Block => GuardActions.Block,
        _ => throw new ArgumentOutOfRangeException(nameof(action)),
    };
}
