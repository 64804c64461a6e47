namespace Bellwether.Sinks;

internal static class SinkFactory
{
    public static ISink Create(string name, SinkOptions options, TimeProvider clock) => options.Kind!.Value switch
    {
        SinkKind.Webhook => new WebhookSink(name, options, clock),
        SinkKind.PostHog => new PostHogSink(options, clock),
        SinkKind.Mixpanel => new MixpanelSink(options),
        SinkKind.Otlp => new OtlpSink(options),
        SinkKind.Jsonl => new JsonlSink(options, clock),
        _ => throw new ArgumentOutOfRangeException(nameof(options)),
    };
}
