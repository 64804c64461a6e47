using System.Collections.Immutable;

namespace Bellwether.Providers;

/// <summary>Decides what the answer says: words, a tool call or JSON, how long, where it stops.</summary>
internal static class SimulatedWriter
{
    public static SimulatedCompletion Compose(SimulatedPrompt prompt, ref SimulatedDice dice)
    {
        var stem = dice.Id("", 24);
        var reasoning = prompt.Behaviour.Reasoning ? SimulatedProse.Reasoning(prompt.Question) : "";
        var choices = ImmutableArray.CreateBuilder<SimulatedChoice>(prompt.Choices);
        var output = 0;
        for (var i = 0; i < prompt.Choices; i++)
        {
            var choice = Choice(prompt, ref dice);
            choices.Add(choice);
            output += Pieces(choice.Text).Count + choice.ToolCalls.Sum(call => 8 + Pieces(call.Arguments).Count);
        }
        var thinking = reasoning.Length == 0 ? 0 : 2 * Pieces(reasoning).Count;
        // Real providers cache prompts from about a thousand tokens on, in blocks of 128.
        var warm = prompt.InputTokens >= 1_024 && dice.Next(4) != 0;
        var cacheable = prompt.InputTokens / 128 * 128;
        return new SimulatedCompletion
        {
            Stem = stem,
            Choices = choices.MoveToImmutable(),
            Reasoning = reasoning,
            InputTokens = prompt.InputTokens,
            CachedTokens = warm ? cacheable : 0,
            CacheWriteTokens = prompt.CacheControl && !warm && prompt.InputTokens >= 1_024 ? cacheable : 0,
            OutputTokens = Math.Max(1, output + thinking),
            ReasoningTokens = thinking,
            Pace = Pace(prompt, thinking, ref dice),
        };
    }

    private static SimulatedPace Pace(SimulatedPrompt prompt, int thinkingTokens, ref SimulatedDice dice)
    {
        var behaviour = prompt.Behaviour;
        // ±30 %, so that percentiles differ from the mean.
        var jitter = 0.7 + dice.Unit() * 0.6;
        var perToken = double.IsInfinity(behaviour.TokensPerSecond) ? TimeSpan.Zero : TimeSpan.FromSeconds(jitter / behaviour.TokensPerSecond);
        // Long prompts take longer to read: a second for 25,000 tokens.
        var reading = behaviour.Ttft > TimeSpan.Zero ? TimeSpan.FromMilliseconds(prompt.InputTokens / 25.0) : TimeSpan.Zero;
        var hiddenThinking = prompt.Behaviour.Reasoning && perToken > TimeSpan.Zero ? perToken * (thinkingTokens / 4) : TimeSpan.Zero;
        var first = behaviour.Ttft * jitter + reading + hiddenThinking;
        return new(first < behaviour.Latency ? first : behaviour.Latency, first, perToken);
    }

    private static SimulatedChoice Choice(SimulatedPrompt prompt, ref SimulatedDice dice)
    {
        if (SimulatedSchemas.Choose(prompt) is { } tool)
        {
            var arguments = SimulatedSchemas.Fill(tool.Schema, prompt.Question, ref dice);
            return new("", [new(dice.Id("", 24), tool.Name, arguments)], SimulatedFinish.ToolCall);
        }
        var wanted = prompt.Behaviour.OutputTokens ?? Length(prompt, ref dice);
        var text = prompt.JsonMode
            ? SimulatedSchemas.Fill(prompt.ResponseSchema, prompt.Question, ref dice) is { Length: > 2 } filled ? filled : $$"""{"topic":"{{SimulatedWords.Topic(prompt.Question)}}","confidence":0.9}"""
            : SimulatedProse.Answer(prompt.Question, prompt.ToolResult, wanted, ref dice);
        var finish = SimulatedFinish.Stop;
        foreach (var stop in prompt.Stop)
        {
            if (stop.Length > 0 && text.IndexOf(stop, StringComparison.Ordinal) is >= 0 and var at)
            {
                text = text[..at];
            }
        }
        var limit = Math.Min(prompt.MaxTokens ?? int.MaxValue, prompt.JsonMode ? int.MaxValue : prompt.Behaviour.OutputTokens ?? int.MaxValue);
        var pieces = Pieces(text);
        if (pieces.Count > limit)
        {
            text = string.Concat(pieces.Take(limit));
            finish = prompt.MaxTokens <= limit ? SimulatedFinish.Length : SimulatedFinish.Stop;
        }
        return new(text, [], finish);
    }

    // Short questions get short answers; "in detail" and long prompts get longer ones.
    private static int Length(SimulatedPrompt prompt, ref SimulatedDice dice)
    {
        var question = prompt.Question;
        var usual = question.Length < 40 ? 45 : 110;
        if (question.Contains("detail", StringComparison.OrdinalIgnoreCase) || question.Contains("essay", StringComparison.OrdinalIgnoreCase))
        {
            usual = 320;
        }
        else if (question.Contains("short", StringComparison.OrdinalIgnoreCase) || question.Contains("one sentence", StringComparison.OrdinalIgnoreCase) || question.Contains("brief", StringComparison.OrdinalIgnoreCase))
        {
            usual = 28;
        }
        return usual * 2 / 3 + dice.Next(usual * 2 / 3 + 1);
    }

    /// <summary>Splits text the way tokens fall: a word with the space before it, at most eight characters, never inside a surrogate pair.</summary>
    public static List<string> Pieces(string text)
    {
        var pieces = new List<string>(text.Length / 4 + 1);
        var start = 0;
        for (var i = 1; i <= text.Length; i++)
        {
            var full = i - start >= 8 || (text[i - 1] > 0x2E80 && i - start >= 2);
            if (i == text.Length || (text[i] is ' ' or '\n' && text[i - 1] is not (' ' or '\n')) || (full && !char.IsLowSurrogate(text[i])))
            {
                pieces.Add(text[start..i]);
                start = i;
            }
        }
        return pieces;
    }
}
