using System.Buffers;
using System.IO.Compression;
using System.IO.Hashing;
using System.Numerics;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;

namespace Bellwether.Telemetry;

/// <summary>
/// Counts tokens as tiktoken's <c>o200k_base</c> does: a text is split by the vocabulary's pattern, and in each piece the pair of lowest rank is
/// merged until no pair is a token. It only counts, so it holds the 200,000 tokens in 4 MB; the library's tokenizer, which can also encode
/// and decode, holds them in 40. Safe for threads.
/// </summary>
internal sealed partial class O200kTokens
{
    private const string Vocabulary = "Microsoft.ML.Tokenizers.Data.O200kBase";
    private const int NoToken = int.MaxValue;
    private const int MostOnStack = 256;

    private static readonly Lazy<O200kTokens> s_shared = new(() => new O200kTokens());

    // The tokens' bytes in order of rank, and where each ends.
    private readonly byte[] _bytes;
    private readonly int[] _ends;
    // Open addressing: a rank plus one, or 0 for a free slot. A power of two, at most half full.
    private readonly int[] _slots;
    private readonly int _longest;

    private O200kTokens()
    {
        using var resource = Assembly.Load(Vocabulary).GetManifestResourceStream("o200k_base.tiktoken.deflate")
            ?? throw new InvalidOperationException($"{Vocabulary} has no vocabulary.");
        using var lines = new StreamReader(new DeflateStream(resource, CompressionMode.Decompress), Encoding.ASCII);
        // "Capacity: 199999", then a token a line in Base64, in order of rank.
        _ = lines.ReadLine();
        var bytes = new ArrayBufferWriter<byte>(1_500_000);
        var ends = new List<int>(200_000);
        while (lines.ReadLine() is { } line)
        {
            if (!Convert.TryFromBase64String(line, bytes.GetSpan(line.Length), out var length))
            {
                throw new InvalidOperationException($"{Vocabulary}: line {ends.Count + 2} is not Base64.");
            }
            bytes.Advance(length);
            ends.Add(bytes.WrittenCount);
            _longest = Math.Max(_longest, length);
        }
        _bytes = bytes.WrittenSpan.ToArray();
        _ends = [.. ends];
        _slots = new int[(int)BitOperations.RoundUpToPowerOf2((uint)ends.Count * 2)];
        for (var rank = 0; rank < _ends.Length; rank++)
        {
            var slot = SlotOf(TokenAt(rank));
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & (_slots.Length - 1);
            }
            _slots[slot] = rank + 1;
        }
    }

    /// <summary>Loaded when it is first asked for.</summary>
    public static O200kTokens Shared => s_shared.Value;

    /// <summary>
    /// How many tokens a text is. Text that looks like a special token is text. The work grows with the square of the longest run
    /// without a boundary, so whoever passes hostile text bounds its length.
    /// </summary>
    public int Count(ReadOnlySpan<char> text)
    {
        var tokens = 0;
        foreach (var piece in Pieces().EnumerateMatches(text))
        {
            tokens += CountPiece(text.Slice(piece.Index, piece.Length));
        }
        return tokens;
    }

    private int CountPiece(ReadOnlySpan<char> piece)
    {
        var most = Encoding.UTF8.GetMaxByteCount(piece.Length);
        var rented = most > MostOnStack ? ArrayPool<byte>.Shared.Rent(most) : null;
        var buffer = rented ?? stackalloc byte[MostOnStack];
        var utf8 = buffer[..Encoding.UTF8.GetBytes(piece, buffer)];
        var tokens = RankOf(utf8) != NoToken ? 1 : Merge(utf8);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
        return tokens;
    }

    // Parts begin at starts[0..count] and end where the next begins; ranks[i] is that of the token which part i and the one after it would be.
    private int Merge(ReadOnlySpan<byte> piece)
    {
        var count = piece.Length;
        var rented = ArrayPool<int>.Shared.Rent(2 * (count + 1));
        var starts = rented.AsSpan(0, count + 1);
        var ranks = rented.AsSpan(count + 1, count + 1);
        for (var i = 0; i <= count; i++)
        {
            starts[i] = i;
            ranks[i] = i + 2 <= count ? RankOf(piece.Slice(i, 2)) : NoToken;
        }
        while (count > 1)
        {
            var best = 0;
            for (var i = 1; i < count - 1; i++)
            {
                if (ranks[i] < ranks[best]) { best = i; }
            }
            if (ranks[best] == NoToken)
            {
                break;
            }
            starts[(best + 2)..(count + 1)].CopyTo(starts[(best + 1)..]);
            ranks[(best + 2)..(count + 1)].CopyTo(ranks[(best + 1)..]);
            count--;
            ranks[best] = RankOfPair(piece, starts, best, count);
            if (best > 0)
            {
                ranks[best - 1] = RankOfPair(piece, starts, best - 1, count);
            }
        }
        ArrayPool<int>.Shared.Return(rented);
        return count;
    }

    private int RankOfPair(ReadOnlySpan<byte> piece, ReadOnlySpan<int> starts, int part, int count) =>
        part + 2 <= count ? RankOf(piece[starts[part]..starts[part + 2]]) : NoToken;

    private int RankOf(ReadOnlySpan<byte> token)
    {
        if (token.Length > _longest)
        {
            return NoToken;
        }
        for (var slot = SlotOf(token); _slots[slot] is > 0 and var rank; slot = (slot + 1) & (_slots.Length - 1))
        {
            if (TokenAt(rank - 1).SequenceEqual(token))
            {
                return rank - 1;
            }
        }
        return NoToken;
    }

    private int SlotOf(ReadOnlySpan<byte> token) => (int)XxHash3.HashToUInt64(token) & (_slots.Length - 1);

    private ReadOnlySpan<byte> TokenAt(int rank)
    {
        var start = rank == 0 ? 0 : _ends[rank - 1];
        return _bytes.AsSpan(start, _ends[rank] - start);
    }

    // The pattern of o200k_base: https://github.com/openai/tiktoken/blob/main/tiktoken_ext/openai_public.py
    [GeneratedRegex(@"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Pieces();
}
