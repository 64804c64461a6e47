using Bellwether.Detection;

namespace Bellwether.Guardrails;

/// <summary>Who speaks in a part of a request.</summary>
internal enum PromptOrigin : byte
{
    User,
    /// <summary>A tool's result, a retrieved document.</summary>
    Document,
    System,
    /// <summary>Descriptions of tools.</summary>
    Tools,
    /// <summary>What the model said before, sent again.</summary>
    Assistant,
    /// <summary>Text that no model is asked to act on: to be embedded or moderated.</summary>
    Data,
}

internal static class PromptOrigins
{
    public static TextChannel Channel(this PromptOrigin origin) => origin switch
    {
        PromptOrigin.User or PromptOrigin.Data => TextChannel.User,
        PromptOrigin.Document => TextChannel.Document,
        PromptOrigin.System or PromptOrigin.Tools => TextChannel.System,
        PromptOrigin.Assistant => TextChannel.Answer,
        _ => throw new InvalidOperationException(),
    };

    /// <summary>What is looked for. Orders to the model are sought where they would be followed, harm in what people write.</summary>
    public static PromptDetectors Detectors(this PromptOrigin origin) => origin switch
    {
        PromptOrigin.User => PromptDetectors.Injection | PromptDetectors.Harm | PromptDetectors.PersonalData,
        PromptOrigin.Document or PromptOrigin.System or PromptOrigin.Tools => PromptDetectors.Injection | PromptDetectors.PersonalData,
        PromptOrigin.Assistant or PromptOrigin.Data => PromptDetectors.PersonalData,
        _ => throw new InvalidOperationException(),
    };

    public static string Name(TextChannel channel) => channel switch
    {
        TextChannel.User => "user",
        TextChannel.Document => "document",
        TextChannel.System => "system",
        TextChannel.Answer => "answer",
        _ => throw new InvalidOperationException(),
    };
}

/// <summary>A JSON string or number of the request; its place in bytes, quotes not among them.</summary>
internal readonly record struct PromptPart(int Start, int End, BodyPartKind Kind, bool Escaped);

/// <summary>Parts that one speaker said in one message, which are judged together: cut into pieces, an attack is the same attack.</summary>
internal readonly record struct PromptUnit(int FirstPart, int PartCount, int Bytes, PromptOrigin Origin);
