using System.Text;
using Bellwether.Exchange;
using Bellwether.Providers;
using Microsoft.AspNetCore.Http;

namespace Bellwether.Gateway;

/// <summary>What the gateway itself needs to know of a call while it runs; <see cref="ModelCall"/> is the part that stages see.</summary>
internal sealed class CallSession(HttpContext http, in GatewayRoute route, ModelCall call, RunningCall running, string path, string query)
{
    private const int LongestHeaderText = 8 * 1024;

    public HttpContext Http { get; } = http;
    public GatewayRoute Route { get; } = route;
    public ModelCall Call { get; } = call;
    public RunningCall Running { get; } = running;
    /// <summary>As it was sent.</summary>
    public string Path { get; } = path;
    /// <summary>As it was sent, with its question mark, or empty.</summary>
    public string Query { get; set; } = query;

    public bool PassThrough { get; set; }
    public bool OwnCredential { get; set; }
    public bool IsUpgrade { get; set; }

    /// <summary>Null when the caller has none.</summary>
    public CallerWishes? Wishes { get; set; }
    /// <summary>How often the provider was called again.</summary>
    public int UpstreamRepeats { get; set; }

    public HttpRequestMessage? Request { get; set; }
    public ProviderClient? Provider { get; set; }
    /// <summary>Who answered instead of a provider (<c>cache</c>), or empty.</summary>
    public string AnsweredBy { get; set; } = "";

    public RequestBody Body;
    /// <summary>The body as it was before the stages saw it.</summary>
    public ReadOnlyMemory<byte> ScannedBody { get; set; }
    /// <summary>What the record keeps of the body; null until it was looked through.</summary>
    public ReadOnlyMemory<byte>? CapturedInput { get; set; }
    public long RequestBytes { get; set; }
    public long ResponseBytes { get; set; }
    public int Status { get; set; }
    public string ProviderRequestId { get; set; } = "";
    public AnswerReader? Reader { get; set; }

    /// <summary>Monotonic; 0 when the provider was not called.</summary>
    public long UpstreamStarted { get; set; }
    public long UpstreamEnded { get; set; }

    /// <summary>How many stages saw the call, and so must hear of its end.</summary>
    public int StagesSeen { get; set; }

    /// <summary>True once the one observation of this call was handed over, or could not be.</summary>
    public bool Recorded { get; set; }

    /// <summary>Headers worth showing, one a line.</summary>
    public StringBuilder Headers { get; } = HeaderText.Rent();

    public string ProviderName => Provider?.Endpoint.Name ?? AnsweredBy;

    public void Show(char direction, string name, string value)
    {
        if (Headers.Length + name.Length + value.Length < LongestHeaderText)
        {
            Headers.Append(direction).Append(' ').Append(name).Append(": ").Append(value).Append('\n');
        }
    }

    public void Dispose()
    {
        Reader?.Dispose();
        if (Request?.Content is null or BodyContent { IsReleased: true })
        {
            Body.Return();
        }
        Request?.Dispose();
        HeaderText.Return(Headers);
    }

    private static class HeaderText
    {
        private const int LargestKept = 4 * 1024;

        [ThreadStatic]
        private static StringBuilder? t_spare;

        public static StringBuilder Rent()
        {
            var text = t_spare ?? new StringBuilder(512);
            t_spare = null;
            return text;
        }

        public static void Return(StringBuilder text)
        {
            if (text.Capacity <= LargestKept)
            {
                t_spare = text.Clear();
            }
        }
    }
}
