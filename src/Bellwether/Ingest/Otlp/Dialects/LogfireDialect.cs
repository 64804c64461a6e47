using static Bellwether.Ingest.SpanField;

namespace Bellwether.Ingest;

/// <summary>What Pydantic AI and Logfire add to the GenAI conventions, also in the forms before they followed them.</summary>
internal static class LogfireDialect
{
    /// <summary>Messages of a call as one JSON list of events, each with its <c>event.name</c>. Other instrumentation may mean something else by this key.</summary>
    public static readonly string Events = "events";

    public static void Declare(FieldTable table) => table
        .Add(AgentName, "agent_name")
        .Add(InputMessages, "pydantic_ai.all_messages", "all_messages_events")
        .Add(OutputText, "final_result")
        .Add(Input, "request_data")
        .Add(Output, "response_data")
        .Add(CostTotal, "operation.cost")
        .Add(ToolArguments, "tool_arguments")
        .Add(ToolResult, "tool_response");
}
