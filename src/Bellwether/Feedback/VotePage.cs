namespace Bellwether.Feedback;

/// <summary>The page behind a link: fixed text, no script, nothing of the observation.</summary>
internal static class VotePage
{
    public static readonly string Form = """
        <h1>How was this answer?</h1>
        <form method="post">
        <p><label for="text">Tell us more (optional)</label><textarea id="text" name="text" rows="4" maxlength="5000"></textarea></p>
        <p><label for="category">If something was wrong, what? (optional)</label>
        <select id="category" name="category"><option value="">–</option><option value="incorrect">It is incorrect</option><option value="unhelpful">It does not help</option><option value="harmful">It is harmful</option><option value="other">Something else</option></select></p>
        <p><button name="value" value="up">👍 Good</button> <button name="value" value="down">👎 Bad</button> <button name="value" value="report">Report</button></p>
        </form>
        """;

    public static readonly string Thanks = "<h1>Thank you</h1><p>Your feedback was saved. Going back and voting again replaces it.</p>";
    public static readonly string Expired = "<h1>This link has expired</h1><p>It is unknown or too old. Nothing was saved.</p>";
    public static readonly string Busy = "<h1>One moment</h1><p>Your feedback could not be saved just now. Going back and sending it again in a minute is safe.</p>";
    public static readonly string Refused = "<h1>That could not be saved</h1><p>The text may be too long. Please go back and try a shorter one.</p>";
    public static readonly string TooMany = "<h1>One moment</h1><p>These were many votes at once. Please try again in a minute.</p>";

    private static readonly string s_start = """
        <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>Feedback</title><style>
        :root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:30rem;margin:3rem auto;padding:0 1rem}label{display:block;margin-bottom:.25rem}
        textarea,select{width:100%;box-sizing:border-box;font:inherit;padding:.5rem}button{font:inherit;padding:.5rem 1rem;min-height:44px}
        </style></head><body><main>
        """;

    /// <summary>What a browser may do with the page: show it and send its form back.</summary>
    public static readonly string ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    public static string Html(string content) => s_start + content + "</main></body></html>";
}
