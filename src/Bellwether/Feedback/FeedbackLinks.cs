using System.Buffers.Text;
using System.Globalization;
using Bellwether.Primitives;
using Bellwether.State;

namespace Bellwether.Feedback;

/// <summary>What a link lets its holder do: speak, as this author, of this one thing, until then.</summary>
internal sealed record VotePass(ProjectId Project, FeedbackTarget Target, string Author, DateTimeOffset ExpiresAt);

/// <summary>Tokens that let an end user vote without a key. They are sealed with the master key, so they can neither be made nor changed elsewhere, and nothing is stored.</summary>
internal sealed class FeedbackLinks(SecretBox box, TimeProvider clock)
{
    private const string Purpose = "feedback/link";
    private const char Separator = '\u001f';
    private const int LongestToken = 2_000;

    public string Issue(VotePass pass) => Base64Url.EncodeToString(box.Seal(new Secret(string.Join(
        Separator, pass.Project.Value, pass.Target.ObservationId?.ToString() ?? "", pass.Target.RequestId, pass.ExpiresAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), pass.Author)), Purpose));

    /// <summary>Null for a token that is none, was made elsewhere or has expired.</summary>
    public VotePass? Open(string token)
    {
        if (token.Length is 0 or > LongestToken || !Base64Url.IsValid(token)
            || box.Open(Base64Url.DecodeFromChars(token), Purpose, out var secret) != Unsealing.Opened
            || secret!.Reveal().Split(Separator, 5) is not [var project, var id, var request, var seconds, var author])
        {
            return null;
        }
        var expires = DateTimeOffset.FromUnixTimeSeconds(long.Parse(seconds, CultureInfo.InvariantCulture));
        var target = id.Length > 0 ? FeedbackTarget.Observation(Guid.Parse(id, CultureInfo.InvariantCulture)) : FeedbackTarget.Request(request);
        return expires > clock.GetUtcNow() ? new VotePass(new ProjectId(project), target, author, expires) : null;
    }
}
