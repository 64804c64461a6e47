using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Bellwether.Providers;
using Bellwether.Telemetry;

namespace Bellwether.Demo;

/// <summary>Turns a call and its fate into the record that the gateway would have made of it.</summary>
internal static class DemoRecord
{
    private const int TokensPerImage = 765;

    /// <param name="attached">Tokens of a document that the call refers to and that is not part of the body.</param>
    public static TelemetryRecord Of(DemoCall call, DateTimeOffset time, string trace, DemoFate fate, int attached, ref SimulatedDice dice)
    {
        var body = DemoRequests.Body(call);
        var toolStep = call.HasTools && call.ToolResult is null;
        var answered = fate.State is ObservationState.Ok or ObservationState.ClientDisconnect;
        var text = fate.State == ObservationState.ClientDisconnect ? call.Answer[..(call.Answer.Length * dice.Next(10, 80) / 100)] : call.Answer;
        var usage = answered ? UsageOf(call, toolStep, text, attached, ref dice) : Usage.None;
        var timings = TimingsOf(call, fate, usage, ref dice);
        var completion = Complete(call, toolStep, text, usage, ref dice);
        var output = !answered ? Error(call, fate) : call.Stream ? Assembled(completion) : Plain(call, completion, time);
        var refused = fate.State == ObservationState.Refused;

        var observation = new Observation
        {
            Id = DemoHistory.Id(time, ref dice),
            Project = DemoFeature.Project,
            StartTime = time,
            Kind = call.Scenario.Shape switch { DemoShape.Embedding => ObservationKind.Embedding, DemoShape.Moderation => ObservationKind.Moderation, _ => ObservationKind.Llm },
            State = fate.State,
            TraceId = trace,
            Name = "POST " + Route(call),
            Operation = Operation(call),
            Surface = call.Model.Dialect switch { SimulatedDialect.Anthropic => "anthropic", SimulatedDialect.Gemini => "gemini", _ => "openai" },
            Provider = refused ? "" : call.Model.Provider,
            PriceProvider = call.Model.PriceProvider,
            RequestModel = call.Model.Name,
            Model = call.Model.Name,
            Endpoint = call.Scenario.Endpoint,
            User = call.User,
            Session = call.Session,
            RequestId = "req-" + DemoHistory.Hex(ref dice),
            ProviderRequestId = refused ? "" : "req_" + completion.Stem,
            ResponseId = !answered ? "" : call.Model.Dialect == SimulatedDialect.Anthropic ? "msg_01" + completion.Stem : "chatcmpl-" + completion.Stem,
            Stream = call.Stream,
            FinishReason = fate.State != ObservationState.Ok || call.Scenario.Shape is DemoShape.Embedding or DemoShape.Moderation ? "" : Finish(call.Model.Dialect, toolStep),
            SystemFingerprint = call.Fingerprint,
            Parameters = call.System.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $$"""{"temperature":{{call.Temperature}},"max_tokens":800}"""),
            HttpStatus = fate.HttpStatus,
            ErrorType = fate.ErrorType,
            ErrorCode = fate.ErrorCode,
            ErrorMessage = fate.Message,
            Timings = timings,
            Usage = usage,
            RequestBytes = body.Length,
            ResponseBytes = output.Length,
            MessageCount = call.System.Length == 0 ? 0 : 2 + call.Earlier.Length + (call.ToolResult is null ? 0 : 2),
            ToolCallCount = answered && toolStep ? 1 : 0,
            Properties = call.Properties,
        };
        return TelemetryRecord.Of(observation, new ObservationPayload
        {
            Input = body,
            Output = output,
            OutputAssembled = answered && call.Stream,
            Headers = $"> content-type: application/json\n> user-agent: northwind/{call.Properties[^1].Value}\n< content-type: {(call.Stream ? "text/event-stream" : "application/json")}\n",
        });
    }

    public static TelemetryRecord Tool(DemoCall call, DateTimeOffset time, string trace, string result, ref SimulatedDice dice)
    {
        var took = 120 + dice.Next(380);
        return TelemetryRecord.Of(
            new Observation
            {
                Id = DemoHistory.Id(time, ref dice),
                Project = DemoFeature.Project,
                StartTime = time,
                Kind = ObservationKind.Tool,
                State = ObservationState.Ok,
                TraceId = trace,
                Name = "get_weather",
                Operation = "execute_tool",
                Endpoint = call.Scenario.Endpoint,
                User = call.User,
                Session = call.Session,
                Timings = new Timings { TotalMs = took },
                Properties = call.Properties,
            },
            new ObservationPayload { Input = """{"day":"saturday"}"""u8.ToArray(), Output = Encoding.UTF8.GetBytes(result) });
    }

    public static Annotation Feedback(Observation observation, DateTimeOffset at, bool pleased, Guid id, ref SimulatedDice dice) => new()
    {
        Id = id,
        Project = DemoFeature.Project,
        Time = at,
        ObservationId = observation.Id,
        Name = "user_feedback",
        Source = "user",
        Number = pleased ? 1 : 0,
        Text = dice.Pick(pleased ? DemoTexts.Praise : DemoTexts.Complaints),
        Category = pleased ? "" : dice.Pick(DemoTexts.Reasons),
        Author = observation.User,
    };

    /// <summary>What some people do instead of voting. The call's id decides, so that the dice of the records stay as they are.</summary>
    public static Annotation? Signal(Observation observation)
    {
        if (observation is not { Kind: ObservationKind.Llm, State: ObservationState.Ok }) { return null; }
        var roll = observation.Id.ToByteArray()[^1];
        var name = roll < 9 ? "copied" : roll < 12 ? "re_asked" : roll < 14 ? "escalated" : "";
        var at = observation.StartTime.AddSeconds(20 + roll);
        return name.Length == 0 ? null : new Annotation
        {
            Id = ObservationIds.Of("demo", at, observation.Id.ToString()), Project = DemoFeature.Project, Time = at, ObservationId = observation.Id, Name = name, Source = "implicit", Author = observation.User,
        };
    }

    private static Usage UsageOf(DemoCall call, bool toolStep, string text, int attached, ref SimulatedDice dice)
    {
        var input = Tokens(call.System) + Tokens(call.Question) + call.Earlier.Sum(Tokens) + 8 + attached + (call.HasTools ? 160 : 0)
            + (call.Scenario.Shape == DemoShape.Vision ? TokensPerImage : 0) + Tokens(call.ToolResult ?? "");
        if (call.Scenario.Shape == DemoShape.Embedding)
        {
            return new Usage { InputTokens = input };
        }
        if (call.Scenario.Shape == DemoShape.Moderation)
        {
            return Usage.None;
        }
        var reasoning = call.Model.Reasons ? 64 * (1 + dice.Next(12)) : 0;
        return new Usage
        {
            InputTokens = input,
            OutputTokens = (toolStep ? 24 : Math.Max(1, Tokens(text))) + reasoning,
            ReasoningTokens = reasoning,
            CacheReadTokens = input >= 1_024 && dice.Next(3) > 0 ? input / 128 * 128 / 2 : 0,
        };
    }

    private static Timings TimingsOf(DemoCall call, DemoFate fate, Usage usage, ref SimulatedDice dice)
    {
        // A sum of three is near enough to a bell; e to its power gives the long right tail of real latencies.
        var spread = Math.Exp((dice.Unit() + dice.Unit() + dice.Unit() - 1.5) * 0.75) * fate.Slowness;
        var queue = 0.3 + dice.Unit() * 0.8;
        var reading = (usage.InputTokens ?? 0) / 40.0;
        var first = (call.Model.TtftMs + reading) * spread;
        var rate = call.Model.TokensPerSecond / Math.Min(spread, 3);
        var output = usage.OutputTokens ?? 0;
        var generation = call.Model.TokensPerSecond > 0 ? output / rate * 1_000 : 0;
        var upstream = fate.State is ObservationState.Ok or ObservationState.ClientDisconnect or ObservationState.Timeout ? first + generation : 40 + first * 0.3;
        if (fate.State == ObservationState.Refused)
        {
            return new Timings { TotalMs = queue, QueueMs = queue };
        }
        var streamed = call.Stream && output > 1;
        return new Timings
        {
            TotalMs = queue + upstream + 0.2,
            QueueMs = queue,
            UpstreamMs = upstream,
            PostMs = 0.2,
            TtftMs = streamed ? queue + first : null,
            GapP50Ms = streamed ? 1_000 / rate : null,
            GapP95Ms = streamed ? 2_600 / rate : null,
            TokensPerSecond = output == 0 || upstream <= 0 ? null : streamed ? rate : output / upstream * 1_000,
        };
    }

    private static SimulatedCompletion Complete(DemoCall call, bool toolStep, string text, Usage usage, ref SimulatedDice dice) => new()
    {
        Stem = dice.Id("", 24),
        Choices = toolStep
            ? [new("", [new(dice.Id("", 24), "get_weather", """{"place":"here","day":"saturday"}""")], SimulatedFinish.ToolCall)]
            : [new(text, [], SimulatedFinish.Stop)],
        InputTokens = (int)(usage.InputTokens ?? 0),
        CachedTokens = (int)usage.CacheReadTokens,
        OutputTokens = (int)(usage.OutputTokens ?? 0),
        ReasoningTokens = (int)usage.ReasoningTokens,
        Reasoning = call.Model.Reasons && call.Stream ? SimulatedProse.Reasoning(call.Question) : "",
        Pace = default,
    };

    private static byte[] Plain(DemoCall call, SimulatedCompletion completion, DateTimeOffset time)
    {
        var prompt = new SimulatedPrompt { Model = call.Model.Name, Behaviour = SimulatedBehaviour.Instant, Inputs = [call.Question], Dimensions = 8 };
        var dice = new SimulatedDice((ulong)time.Ticks);
        var reply = (call.Scenario.Shape, call.Model.Dialect) switch
        {
            (DemoShape.Embedding, _) => SimulatedVectors.Answer(prompt, ref dice),
            (DemoShape.Moderation, _) => SimulatedModeration.Answer(prompt, ref dice),
            (_, SimulatedDialect.Anthropic) => AnthropicMessages.Answer(prompt, completion),
            (_, SimulatedDialect.Gemini) => GeminiContent.Answer(prompt, completion),
            _ => OpenAiChat.Answer(prompt, completion, time.ToUnixTimeSeconds()),
        };
        return reply.Chunks.First().Bytes.ToArray();
    }

    // The form that ObservationPayload.Output describes.
    private static byte[] Assembled(SimulatedCompletion completion) => SimulatedJson.Body(json =>
    {
        var choice = completion.Choices[0];
        if (choice.Text.Length > 0)
        {
            json.WriteString("text", choice.Text);
        }
        if (completion.Reasoning.Length > 0)
        {
            json.WriteString("reasoning", completion.Reasoning);
        }
        if (!choice.ToolCalls.IsEmpty)
        {
            json.WriteStartArray("tool_calls");
            foreach (var tool in choice.ToolCalls)
            {
                json.WriteStartObject();
                json.WriteString("id", tool.Id);
                json.WriteString("name", tool.Name);
                json.WriteString("arguments", tool.Arguments);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
    });

    private static byte[] Error(DemoCall call, DemoFate fate) => SimulatedJson.Body(json =>
    {
        if (call.Model.Dialect == SimulatedDialect.Anthropic)
        {
            json.WriteString("type", "error");
        }
        json.WriteStartObject("error");
        json.WriteString("message", fate.Message);
        json.WriteString("type", fate.ErrorCode);
        json.WriteString("code", fate.ErrorCode);
        json.WriteEndObject();
    });

    private static string Route(DemoCall call) => call.Model.Dialect == SimulatedDialect.Gemini
        ? "/v1beta/models/{model}:" + (call.Stream ? "streamGenerateContent" : "generateContent")
        : DemoRequests.Path(call);

    private static string Operation(DemoCall call) => call.Scenario.Shape switch
    {
        DemoShape.Embedding => "embeddings",
        DemoShape.Moderation => "moderations",
        _ => call.Model.Dialect == SimulatedDialect.Gemini ? "generate_content" : "chat",
    };

    private static string Finish(SimulatedDialect dialect, bool toolStep) => dialect switch
    {
        SimulatedDialect.Anthropic => toolStep ? "tool_use" : "end_turn",
        SimulatedDialect.Gemini => "STOP",
        _ => toolStep ? "tool_calls" : "stop",
    };

    private static int Tokens(string text) => (text.Length + 3) / 4;
}
