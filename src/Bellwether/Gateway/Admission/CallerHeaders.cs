using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using Bellwether.Exchange;

namespace Bellwether.Gateway;

/// <summary>
/// What the caller says about its call in <c>x-bellwether-*</c> (and Helicone's names for the same). Longer values are cut:
/// user and session 256 characters, endpoint 128, 32 properties with names of 64 and values of 512.
/// </summary>
internal static class CallerHeaders
{
    public static readonly int MaxProperties = 32;

    private static readonly SearchValues<char> s_lowerHex = SearchValues.Create("0123456789abcdef");

    /// <summary>Takes one header that is for us. None is forwarded.</summary>
    /// <returns>False: not one of these.</returns>
    public static bool Read(ModelCall call, string name, string value, ref ImmutableArray<KeyValuePair<string, string>>.Builder? properties)
    {
        if (name.StartsWith("x-bellwether-", StringComparison.OrdinalIgnoreCase))
        {
            var rest = name.AsSpan("x-bellwether-".Length);
            if (rest.Equals("user", StringComparison.OrdinalIgnoreCase))
            {
                call.User = Cut(value, 256);
            }
            else if (rest.Equals("session", StringComparison.OrdinalIgnoreCase))
            {
                call.Session = Cut(value, 256);
            }
            else if (rest.Equals("endpoint", StringComparison.OrdinalIgnoreCase))
            {
                call.Endpoint = Cut(value, 128);
            }
            else if (rest.Equals("request-id", StringComparison.OrdinalIgnoreCase))
            {
                TakeRequestId(call, value);
            }
            else if (rest.StartsWith("property-", StringComparison.OrdinalIgnoreCase))
            {
                Add(ref properties, rest["property-".Length..], value);
            }
            return true;
        }
        if (name.Equals("Helicone-User-Id", StringComparison.OrdinalIgnoreCase))
        {
            call.User = Cut(value, 256);
        }
        else if (name.Equals("Helicone-Session-Id", StringComparison.OrdinalIgnoreCase))
        {
            call.Session = Cut(value, 256);
        }
        else if (name.Equals("Helicone-Request-Id", StringComparison.OrdinalIgnoreCase))
        {
            TakeRequestId(call, value);
        }
        else if (name.StartsWith("Helicone-Property-", StringComparison.OrdinalIgnoreCase))
        {
            Add(ref properties, name.AsSpan("Helicone-Property-".Length), value);
        }
        else
        {
            return false;
        }
        return true;
    }

    /// <summary>Reads <c>00-{32 hex}-{16 hex}-{2 hex}</c>; anything else is left alone, as the standard says.</summary>
    public static void ReadTraceParent(ModelCall call, string value)
    {
        if (value.Length < 55 || value[2] != '-' || value[35] != '-' || value[52] != '-')
        {
            return;
        }
        var trace = value.AsSpan(3, 32);
        var parent = value.AsSpan(36, 16);
        if (!IsLowerHex(trace) || !IsLowerHex(parent) || !trace.ContainsAnyExcept('0') || !parent.ContainsAnyExcept('0'))
        {
            return;
        }
        call.TraceId = trace.ToString();
        call.ParentId = parent.ToString();
    }

    public static void ReadRetryCount(ModelCall call, string value)
    {
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            call.RetryCount = Math.Min(count, 1_000);
        }
    }

    // It comes back in a header and stands in lists: only what is harmless in both.
    public static void TakeRequestId(ModelCall call, string value)
    {
        if (value.Length is > 0 and <= 128)
        {
            foreach (var character in value)
            {
                if (!char.IsAsciiLetterOrDigit(character) && character is not ('.' or '_' or '-'))
                {
                    return;
                }
            }
            call.RequestId = value;
        }
    }

    internal static void Add(ref ImmutableArray<KeyValuePair<string, string>>.Builder? properties, ReadOnlySpan<char> name, string value)
    {
        properties ??= ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        if (name.IsEmpty || properties.Count >= MaxProperties)
        {
            return;
        }
        // Header names have no case, so that "Team" and "team" are one property.
        properties.Add(new(Cut(name.ToString().ToLowerInvariant(), 64), Cut(value, 512)));
    }

    internal static string Cut(string value, int length)
    {
        if (value.Length <= length)
        {
            return value;
        }
        // Never half of a surrogate pair.
        return value[..(char.IsHighSurrogate(value[length - 1]) ? length - 1 : length)];
    }

    private static bool IsLowerHex(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(s_lowerHex);
}
