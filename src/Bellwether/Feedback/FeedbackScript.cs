namespace Bellwether.Feedback;

/// <summary>The script for web pages, at <c>/feedback.js</c>.</summary>
internal static class FeedbackScript
{
    /// <summary>Finds the server by its own address; answers a promise that is false when the vote did not arrive, and never throws.</summary>
    public static readonly string Text = """
        // <script src="https://bellwether.example/feedback.js"></script>
        // bellwether.feedback({ token, value: 'up' })
        // token comes from your server: POST /api/v1/feedback/links
        (function () {
          var base = new URL('.', document.currentScript.src).href;
          window.bellwether = window.bellwether || {};
          window.bellwether.feedback = function (feedback) {
            var body = {};
            ['value', 'score', 'category', 'text', 'kind', 'original', 'edited'].forEach(function (name) {
              if (feedback[name] !== undefined) { body[name] = feedback[name]; }
            });
            // Browsers send at most 64 KB from a page that is being left, and no more than this is compared.
            ['original', 'edited'].forEach(function (name) {
              if (typeof body[name] === 'string') { body[name] = body[name].slice(0, 5000); }
            });
            return fetch(base + 'f/' + encodeURIComponent(feedback.token), {
              method: 'POST', mode: 'cors', credentials: 'omit', keepalive: true,
              headers: { 'content-type': 'application/json' }, body: JSON.stringify(body)
            }).then(function (answer) { return answer.ok; }, function () { return false; });
          };
        })();

        """;
}
