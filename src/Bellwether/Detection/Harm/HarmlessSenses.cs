using System.Buffers;
using System.Collections.Frozen;

namespace Bellwether.Detection;

/// <summary>
/// Violent words in a technical, medical, culinary or figurative sense: who kills a process harms nobody. The sense is told by a word nearby that goes with it; the violent word is left out, and what
/// remains of the prompt is judged. Nothing is left out where the prompt speaks of a person.
/// </summary>
internal static class HarmlessSenses
{
    public static readonly int LongestText = 400;

    private const int Near = 4, LongestWord = 24, MostWords = 96;

    // Violent words, and what they harmlessly go with.
    private static readonly (string Violent, string Companions)[] s_senses =
    [
        ("""
         kill kills killed killing terminate töte töten tuer mato matar uccidere uccido abschießen убить
         """, """
         process processes pid task tasks job jobs thread threads container containers pod pods session sessions connection connections query queries daemon service services port signal command script app tab window program instance worker workers
         zombie switch mould mold weeds moss germs bacteria algae fat appetite prozess prozesse thread dienst anwendung processus tâche thread proceso procesos hilo tarea processo processi processos процесс процессы
         """),
        ("shoot shoots shooting shot shots schieße schießen disparo disparar", "photo photos photograph photographs picture pictures film films video videos movie movies portrait portraits camera lens shutter footage phone penalty penalties basketball hoops foto fotos fotografías cámara kamera"),
        ("blow blows blowing blown", "picture pictures photo photos image images balloon balloons mattress poster"),
        ("execute executes executing executed execution exécuter exécute ejecutar ejecuta eseguire executar", "process processes command commands script scripts query queries procedure procedures statement statements function functions program programs code tests task tasks commande commandes comando comandos consulta"),
        ("bomb bombs bombe bomba", "calorimeter calorimetry bath fork zip kalorimeter calorimétrique calorimétrica"),
        ("destroy destroys destroying destroyed", "terraform stack stacks resource resources object objects session sessions cluster bucket component components constructor"),
        ("attack attacks attacking", "chess queen bishop rook pawn heart panic asthma"),
        ("hijack hijacks hijacking", "event events click clicks focus scroll keyboard"),
        ("abort aborts", "thread threads process transaction build upload download"),
        ("drug drugs overdose overdoses", "interaction interactions nurse nurses pharmacist pharmacists dosage dosages prescription prescriptions warfarin paracetamol trial trials"),
        ("weapon weapons gun guns", "game games rpg"),
        ("poison poisons poisoned poisoning", "cache caches ivy"), ("beat beating stab stabbing crush crushing", "egg eggs potatoes potato garlic competition"), ("slaughter", "list"), ("hack hacks", "life"), ("crack", "egg eggs nuts"),
    ];

    // A sense holds for things, and not for people and where they live.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_people = WordSets.Of("""
        people person persons someone somebody anyone him her his wife husband neighbour neighbor boss colleague victim victims hostage hostages crowd human humans man woman men women kid kids boy girl teacher police officer family mother father village town city school drinking water
        jemand jemanden menschen frau mann nachbar chef quelqu gens personne femme mari voisin alguien persona personas gente mujer vecino jefe qualcuno persone moglie alguém pessoa pessoas esposa человек людей
        """);

    private static readonly FrozenDictionary<string, uint>.AlternateLookup<ReadOnlySpan<char>> s_violent = Table(static sense => sense.Violent);
    private static readonly FrozenDictionary<string, uint>.AlternateLookup<ReadOnlySpan<char>> s_companions = Table(static sense => sense.Companions);
    private static readonly (SearchValues<string> Companions, string Violent)[] s_unspaced =
    [
        (SearchValues.Create(["进程", "線程", "线程", "程序", "端口", "プロセス", "프로세스"], StringComparison.Ordinal), "杀死"), (SearchValues.Create(["量热"], StringComparison.Ordinal), "炸弹"),
    ];

    private readonly record struct Found(int Start, int End, uint Violent, uint Companion);

    /// <summary>Writes the text without its harmless violent words; false when there is none.</summary>
    public static bool TryTakeOut(ReadOnlySpan<char> text, Span<char> rest, out int length)
    {
        length = 0;
        if (text.Length > LongestText) { return false; }
        Span<Found> words = stackalloc Found[MostWords];
        var count = Read(text, words);
        if (count < 0) { return false; }
        words = words[..count];
        var from = 0;
        for (var at = 0; at < count; at++)
        {
            if (!IsHarmless(words, at)) { continue; }
            Copy(text[from..words[at].Start], rest, ref length);
            from = words[at].End;
        }
        foreach (var (companions, violent) in s_unspaced)
        {
            if (text.ContainsAny(companions) && text[from..].IndexOf(violent) is >= 0 and var place)
            {
                Copy(text.Slice(from, place), rest, ref length);
                from += place + violent.Length;
            }
        }
        Copy(text[from..], rest, ref length);
        return length < text.Length;
    }

    private static bool IsHarmless(ReadOnlySpan<Found> words, int at)
    {
        for (var near = Math.Max(0, at - Near); near < Math.Min(words.Length, at + Near + 1); near++)
        {
            if (near != at && (words[at].Violent & words[near].Companion) != 0) { return true; }
        }
        return false;
    }

    // The words of the text; -1 when it speaks of a person, or has too many.
    private static int Read(ReadOnlySpan<char> text, Span<Found> words)
    {
        Span<char> word = stackalloc char[LongestWord];
        var count = 0;
        for (var at = 0; at < text.Length;)
        {
            if (!char.IsLetter(text[at]))
            {
                at++;
                continue;
            }
            var start = at;
            while (at < text.Length && char.IsLetter(text[at])) { at++; }
            if (count == words.Length) { return -1; }
            var found = new Found(start, at, 0, 0);
            if (at - start <= LongestWord)
            {
                var lower = word[..text[start..at].ToLowerInvariant(word)];
                if (s_people.Contains(lower)) { return -1; }
                found = new Found(start, at, s_violent.TryGetValue(lower, out var violent) ? violent : 0, s_companions.TryGetValue(lower, out var companion) ? companion : 0);
            }
            words[count++] = found;
        }
        return count;
    }

    private static void Copy(ReadOnlySpan<char> part, Span<char> into, ref int length)
    {
        part.CopyTo(into[length..]);
        length += part.Length;
    }

    private static FrozenDictionary<string, uint>.AlternateLookup<ReadOnlySpan<char>> Table(Func<(string Violent, string Companions), string> of)
    {
        var table = new Dictionary<string, uint>();
        for (var sense = 0; sense < s_senses.Length; sense++)
        {
            foreach (var word in WordSets.Split(of(s_senses[sense]))) { table[word] = table.GetValueOrDefault(word) | 1u << sense; }
        }
        return table.ToFrozenDictionary().GetAlternateLookup<ReadOnlySpan<char>>();
    }
}
