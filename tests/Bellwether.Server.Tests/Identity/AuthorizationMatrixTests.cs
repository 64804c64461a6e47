using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Bellwether.Server.Tests;

/// <summary>
/// Who may call what. The list of endpoints comes from the running server: one that is in no row of the table fails the test, so
/// nobody adds a door without saying who may go through it.
/// </summary>
public sealed class AuthorizationMatrixTests(ServerFactory server) : IClassFixture<ServerFactory>
{
    private enum Access { Anonymous, AnyKey, Viewer, Editor, Administrator, Operator }

    private static readonly Dictionary<string, Access> Table = new()
    {
        ["GET /api/v1/me"] = Access.Viewer,
        ["GET /api/v1/projects"] = Access.Viewer,
        ["POST /api/v1/projects"] = Access.Operator,
        ["PATCH /api/v1/projects/{id}"] = Access.Administrator,
        ["GET /api/v1/keys"] = Access.Administrator,
        ["POST /api/v1/keys"] = Access.Administrator,
        ["DELETE /api/v1/keys/{id}"] = Access.Administrator,
        ["GET /api/v1/users"] = Access.Operator,
        ["POST /api/v1/users/invitations"] = Access.Operator,
        ["PATCH /api/v1/users/{id}"] = Access.Operator,
        ["POST /api/v1/users/{id}/reset-link"] = Access.Operator,
        ["POST /api/v1/users/{id}/sign-out"] = Access.Viewer,
        ["GET /api/v1/audit"] = Access.Administrator,
        ["GET /api/v1/providers"] = Access.Viewer,
        ["PUT /api/v1/providers/{name}"] = Access.Operator,
        ["DELETE /api/v1/providers/{name}"] = Access.Operator,
        ["POST /api/v1/providers/{name}/test"] = Access.Operator,
        ["GET /api/v1/routes"] = Access.Viewer,
        ["PUT /api/v1/routes"] = Access.Operator,
        ["DELETE /api/v1/routes"] = Access.Operator,
        ["POST /api/v1/master-key/rotate"] = Access.Operator,
        ["GET /api/v1/observations"] = Access.Viewer,
        ["GET /api/v1/observations/count"] = Access.Viewer,
        ["GET /api/v1/sessions"] = Access.Viewer,
        ["GET /api/v1/end-users"] = Access.Viewer,
        ["GET /api/v1/observations/{id:guid}"] = Access.Viewer,
        ["GET /api/v1/observations/{id:guid}/attachments"] = Access.Viewer,
        ["POST /api/v1/observations/erase"] = Access.Administrator,
        ["POST /api/v1/query"] = Access.Viewer,
        ["POST /api/v1/pii/redact"] = Access.Viewer,
        ["POST /api/v1/feedback"] = Access.AnyKey,
        ["GET /api/v1/feedback"] = Access.Viewer,
        ["POST /api/v1/feedback/links"] = Access.AnyKey,
        ["POST /api/v1/guardrails/check"] = Access.AnyKey,
        ["POST /api/v1/guardrails/tokens/reveal"] = Access.Administrator,
        ["GET /api/v1/guardrails/policies"] = Access.Viewer,
        ["POST /api/v1/guardrails/policies"] = Access.Editor,
        ["GET /api/v1/guardrails/policies/{id}"] = Access.Viewer,
        ["PUT /api/v1/guardrails/policies/{id}"] = Access.Editor,
        ["DELETE /api/v1/guardrails/policies/{id}"] = Access.Editor,
        ["POST /api/v1/guardrails/replay"] = Access.Viewer,
        ["GET /api/v1/security/events"] = Access.Viewer,
        ["GET /api/v1/security/events/count"] = Access.Viewer,
        ["GET /api/v1/security/events/export"] = Access.Viewer,
        ["POST /api/v1/quality/check"] = Access.Viewer,
        ["GET /api/v1/quality/satisfaction"] = Access.Viewer,
        ["GET /api/v1/evaluators"] = Access.Viewer,
        ["POST /api/v1/evaluators"] = Access.Editor,
        ["PUT /api/v1/evaluators/{id:guid}"] = Access.Editor,
        ["DELETE /api/v1/evaluators/{id:guid}"] = Access.Editor,
        ["GET /api/v1/evaluators/{id:guid}/agreement"] = Access.Viewer,
        ["GET /api/v1/reference-sets"] = Access.Viewer,
        ["POST /api/v1/reference-sets"] = Access.Editor,
        ["PUT /api/v1/reference-sets/{id:guid}"] = Access.Editor,
        ["DELETE /api/v1/reference-sets/{id:guid}"] = Access.Editor,
        ["POST /api/v1/reference-sets/{id:guid}/run"] = Access.Editor,
        ["GET /api/v1/reference-sets/{id:guid}/results"] = Access.Viewer,
        ["GET /api/v1/flags"] = Access.Viewer,
        ["POST /api/v1/flags"] = Access.Editor,
        ["GET /api/v1/flags/{**key}"] = Access.Viewer,
        ["PUT /api/v1/flags/{**key}"] = Access.Editor,
        ["DELETE /api/v1/flags/{**key}"] = Access.Editor,
        ["GET /api/v1/system"] = Access.Viewer,
        ["GET /api/v1/sinks"] = Access.Viewer,
        ["POST /api/v1/exports"] = Access.Viewer,
        ["GET /api/v1/exports"] = Access.Viewer,
        ["GET /api/v1/exports/{id:guid}"] = Access.Viewer,
        ["GET /api/v1/exports/{id:guid}/file"] = Access.Viewer,
        ["DELETE /api/v1/exports/{id:guid}"] = Access.Viewer,
        ["GET /api/v1/dead-letters"] = Access.Administrator,
        ["POST /api/v1/dead-letters/replay"] = Access.Administrator,
        ["DELETE /api/v1/dead-letters/{id}"] = Access.Administrator,
        ["POST /api/v1/pricing/quote"] = Access.Viewer,
        ["GET /api/v1/pricing/models"] = Access.Viewer,
        ["GET /api/v1/pricing/overrides"] = Access.Viewer,
        ["POST /api/v1/pricing/overrides"] = Access.Operator,
        ["DELETE /api/v1/pricing/overrides/{id}"] = Access.Operator,
        ["POST /api/v1/pricing/reprice"] = Access.Administrator,
        // The receivers check keys themselves, in every place where an exporter may put one.
        ["POST /api/public/otel/v1/traces"] = Access.Anonymous,
        ["POST /api/otel/v1/traces"] = Access.Anonymous,
        ["POST /api/v1/otel/v1/traces"] = Access.Anonymous,
        ["POST /langsmith/otel/v1/traces"] = Access.Anonymous,
        ["GET /api/public/health"] = Access.Anonymous,
        ["GET /api/public/projects"] = Access.Anonymous,
        ["POST /api/public/ingestion"] = Access.Anonymous,
        ["POST /api/public/scores"] = Access.Anonymous,
        ["GET /api/public/traces"] = Access.Viewer,
        ["GET /api/public/traces/{id}"] = Access.Viewer,
        ["GET /api/public/observations"] = Access.Viewer,
        ["GET /api/public/observations/{id}"] = Access.Viewer,
        ["GET /api/public/v2/observations"] = Access.Viewer,
        ["GET /api/public/sessions"] = Access.Viewer,
        ["GET /api/public/sessions/{id}"] = Access.Viewer,
        ["GET /api/public/scores"] = Access.Viewer,
        ["GET /api/public/scores/{id}"] = Access.Viewer,
        ["GET /api/public/v2/scores"] = Access.Viewer,
        ["GET /api/public/v2/scores/{id}"] = Access.Viewer,
        ["GET /api/public/v3/scores"] = Access.Viewer,
        ["GET /api/public/v2/prompts"] = Access.Viewer,
        ["POST /api/public/v2/prompts"] = Access.Editor,
        ["GET /api/public/v2/prompts/{name}"] = Access.Viewer,
        ["DELETE /api/public/v2/prompts/{name}"] = Access.Editor,
        ["PATCH /api/public/v2/prompts/{name}/versions/{version}"] = Access.Editor,
        ["GET /api/public/datasets"] = Access.Viewer,
        ["POST /api/public/datasets"] = Access.Editor,
        ["GET /api/public/datasets/{name}"] = Access.Viewer,
        ["GET /api/public/v2/datasets"] = Access.Viewer,
        ["POST /api/public/v2/datasets"] = Access.Editor,
        ["GET /api/public/v2/datasets/{name}"] = Access.Viewer,
        ["GET /api/public/datasets/{name}/runs"] = Access.Viewer,
        ["GET /api/public/datasets/{name}/runs/{run}"] = Access.Viewer,
        ["DELETE /api/public/datasets/{name}/runs/{run}"] = Access.Editor,
        ["GET /api/public/dataset-items"] = Access.Viewer,
        ["POST /api/public/dataset-items"] = Access.Editor,
        ["GET /api/public/dataset-items/{id}"] = Access.Viewer,
        ["DELETE /api/public/dataset-items/{id}"] = Access.Editor,
        ["GET /api/public/dataset-run-items"] = Access.Viewer,
        ["POST /api/public/dataset-run-items"] = Access.Editor,
        ["GET /api/info"] = Access.Anonymous,
        ["POST /api/runs/multipart"] = Access.Anonymous,
        ["POST /api/runs/batch"] = Access.Anonymous,
        ["POST /api/runs"] = Access.Anonymous,
        ["PATCH /api/runs/{id}"] = Access.Anonymous,
        ["GET /api/v1/info"] = Access.Anonymous,
        ["POST /api/v1/runs/multipart"] = Access.Anonymous,
        ["POST /api/v1/runs/batch"] = Access.Anonymous,
        ["POST /api/v1/runs"] = Access.Anonymous,
        ["PATCH /api/v1/runs/{id}"] = Access.Anonymous,
        ["GET /langsmith/info"] = Access.Anonymous,
        ["POST /langsmith/runs/multipart"] = Access.Anonymous,
        ["POST /langsmith/runs/batch"] = Access.Anonymous,
        ["POST /langsmith/runs"] = Access.Anonymous,
        ["PATCH /langsmith/runs/{id}"] = Access.Anonymous,
        ["POST /langsmith/feedback"] = Access.Anonymous,
        // LangSmith's API, where its keys are also in a header that our scheme does not know: the door checks key and role itself.
        ["POST /langsmith/runs/query"] = Access.Viewer,
        ["POST /langsmith/runs/stats"] = Access.Viewer,
        ["GET /langsmith/runs/{id}"] = Access.Viewer,
        ["POST /langsmith/api/v2/runs/query"] = Access.Viewer,
        ["POST /langsmith/api/v2/traces/query"] = Access.Viewer,
        ["GET /langsmith/api/v2/runs/{id}"] = Access.Viewer,
        ["GET /langsmith/api/v2/traces/{id}/runs"] = Access.Viewer,
        ["GET /langsmith/feedback"] = Access.Viewer,
        ["GET /langsmith/feedback/{id}"] = Access.Viewer,
        ["PATCH /langsmith/feedback/{id}"] = Access.Editor,
        ["DELETE /langsmith/feedback/{id}"] = Access.Editor,
        ["GET /langsmith/sessions"] = Access.Viewer,
        ["POST /langsmith/sessions"] = Access.Editor,
        ["GET /langsmith/sessions/{id}"] = Access.Viewer,
        ["PATCH /langsmith/sessions/{id}"] = Access.Editor,
        ["DELETE /langsmith/sessions/{id}"] = Access.Editor,
        ["GET /langsmith/datasets"] = Access.Viewer,
        ["POST /langsmith/datasets"] = Access.Editor,
        // Its token is the key.
        ["GET /langsmith/attachments/{token}"] = Access.Anonymous,
        ["POST /langsmith/datasets/upload"] = Access.Editor,
        ["GET /langsmith/datasets/{id}"] = Access.Viewer,
        ["PATCH /langsmith/datasets/{id}"] = Access.Editor,
        ["DELETE /langsmith/datasets/{id}"] = Access.Editor,
        ["GET /langsmith/datasets/{id}/versions"] = Access.Viewer,
        ["GET /langsmith/datasets/{id}/versions/diff"] = Access.Viewer,
        ["GET /langsmith/datasets/{id}/version"] = Access.Viewer,
        ["PUT /langsmith/datasets/{id}/tags"] = Access.Editor,
        ["GET /langsmith/datasets/{id}/splits"] = Access.Viewer,
        ["PUT /langsmith/datasets/{id}/splits"] = Access.Editor,
        ["PATCH /langsmith/platform/datasets/{id}/examples/metadata"] = Access.Editor,
        ["POST /langsmith/datasets/comparative"] = Access.Editor,
        ["GET /langsmith/datasets/{id}/comparative"] = Access.Viewer,
        ["GET /langsmith/examples"] = Access.Viewer,
        ["POST /langsmith/examples"] = Access.Editor,
        ["DELETE /langsmith/examples"] = Access.Editor,
        ["POST /langsmith/examples/bulk"] = Access.Editor,
        ["PATCH /langsmith/examples/bulk"] = Access.Editor,
        ["GET /langsmith/examples/{id}"] = Access.Viewer,
        ["PATCH /langsmith/examples/{id}"] = Access.Editor,
        ["DELETE /langsmith/examples/{id}"] = Access.Editor,
        ["POST /langsmith/platform/datasets/{id}/examples"] = Access.Editor,
        ["PATCH /langsmith/platform/datasets/{id}/examples"] = Access.Editor,
        ["POST /langsmith/platform/datasets/examples/delete"] = Access.Editor,
        ["GET /langsmith/feedback-configs"] = Access.Viewer,
        ["POST /langsmith/feedback-configs"] = Access.Editor,
        ["PATCH /langsmith/feedback-configs"] = Access.Editor,
        ["DELETE /langsmith/feedback-configs"] = Access.Editor,
        ["GET /langsmith/annotation-queues"] = Access.Viewer,
        ["POST /langsmith/annotation-queues"] = Access.Editor,
        ["GET /langsmith/annotation-queues/{id}"] = Access.Viewer,
        ["PATCH /langsmith/annotation-queues/{id}"] = Access.Editor,
        ["DELETE /langsmith/annotation-queues/{id}"] = Access.Editor,
        ["GET /langsmith/annotation-queues/{id}/size"] = Access.Viewer,
        ["GET /langsmith/annotation-queues/{id}/run/{index}"] = Access.Viewer,
        ["GET /langsmith/annotation-queues/{id}/runs"] = Access.Viewer,
        ["POST /langsmith/annotation-queues/{id}/runs"] = Access.Editor,
        ["POST /langsmith/annotation-queues/{id}/runs/by-key"] = Access.Editor,
        ["DELETE /langsmith/annotation-queues/{id}/runs/{run}"] = Access.Editor,
        ["GET /langsmith/settings"] = Access.Viewer,
        ["GET /langsmith/repos"] = Access.Viewer,
        ["POST /langsmith/repos"] = Access.Editor,
        ["GET /langsmith/repos/{owner}/{name}"] = Access.Viewer,
        ["PATCH /langsmith/repos/{owner}/{name}"] = Access.Editor,
        ["DELETE /langsmith/repos/{owner}/{name}"] = Access.Editor,
        ["POST /langsmith/repos/{owner}/{name}/tags"] = Access.Editor,
        ["POST /langsmith/likes/{owner}/{name}"] = Access.Editor,
        ["GET /langsmith/commits/{owner}/{name}"] = Access.Viewer,
        ["POST /langsmith/commits/{owner}/{name}"] = Access.Editor,
        ["GET /langsmith/commits/{owner}/{name}/{commit}"] = Access.Viewer,
        ["POST /signin/password"] = Access.Anonymous,
        ["POST /signin/link"] = Access.Anonymous,
        ["POST /signout"] = Access.Anonymous,
        ["GET /signin"] = Access.Anonymous,
        ["GET /openapi/{documentName}.json"] = Access.Anonymous,
    };

    private IEnumerable<(string Name, RouteEndpoint Endpoint)> Endpoints() =>
        from endpoint in server.Services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
        let name = $"{method} /{endpoint.RoutePattern.RawText!.TrimStart('/')}"
        where name.Contains("/api/", StringComparison.Ordinal) || name.Contains(" /langsmith/", StringComparison.Ordinal)
        select (name, endpoint);

    [Fact]
    public void Every_endpoint_of_the_api_is_in_the_table()
    {
        using var client = server.CreateClient();

        Assert.Empty(Endpoints().Select(pair => pair.Name).Except(Table.Keys).Order());
    }

    [Fact]
    public void No_endpoint_is_open_by_forgetting()
    {
        using var client = server.CreateClient();

        Assert.All(Endpoints(), pair => Assert.True(
            pair.Endpoint.Metadata.GetMetadata<IAuthorizeData>() is not null || Table.GetValueOrDefault(pair.Name, Access.Operator) == Access.Anonymous
            // These check keys themselves; the test below calls each of them with every role.
            || ((pair.Name.Contains(" /langsmith/", StringComparison.Ordinal) || pair.Name.Contains(" /api/public/", StringComparison.Ordinal)) && Table.ContainsKey(pair.Name)), pair.Name));
    }

    [Fact]
    public async Task Each_role_gets_through_exactly_the_doors_of_its_row()
    {
        using var client = server.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });
        var keys = new Dictionary<Access, string>();
        foreach (var (access, role) in new[] { (Access.Viewer, "viewer"), (Access.Editor, "editor"), (Access.Administrator, "administrator") })
        {
            keys[access] = await MakeKeyAsync(client, role);
        }

        keys[Access.Operator] = ServerFactory.AdministratorKey;
        var gatewayOnly = await MakeKeyAsync(client, null);
        var wrong = new List<string>();
        foreach (var (name, _) in Endpoints().Where(pair => Table.GetValueOrDefault(pair.Name) != Access.Anonymous))
        {
            var needed = Table[name];
            Expect(HttpStatusCode.Unauthorized, await StatusAsync(client, name, null), $"{name} without a key");
            Expect(HttpStatusCode.Unauthorized, await StatusAsync(client, name, "bw-unknown-key-0123456789"), $"{name} with an unknown key");
            Expect(needed == Access.AnyKey ? HttpStatusCode.BadRequest : HttpStatusCode.Forbidden, await StatusAsync(client, name, gatewayOnly), $"{name} with a key for models only");
            foreach (var (access, key) in keys)
            {
                var status = await StatusAsync(client, name, key);
                // People may sign themselves out everywhere, but the path here names nobody, so only an operator gets further.
                var least = name.EndsWith("/sign-out", StringComparison.Ordinal) ? Access.Operator : needed;
                if (status is HttpStatusCode.Unauthorized || (status == HttpStatusCode.Forbidden) != (access < least))
                {
                    wrong.Add($"{name} as {access}: {status}");
                }
            }
        }

        Assert.Empty(wrong);

        void Expect(HttpStatusCode expected, HttpStatusCode status, string what)
        {
            if (status != expected)
            {
                wrong.Add($"{what}: {status}");
            }
        }
    }

    [Fact]
    public async Task A_refusal_is_a_problem_in_json()
    {
        using var client = server.CreateClient();
        using var response = await client.GetAsync("/api/v1/me");

        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task No_answer_of_the_settings_api_gives_a_provider_key_back()
    {
        using var client = server.CreateClient();
        using var saved = await SendAsync(client, "PUT", "/api/v1/providers/groq", ServerFactory.AdministratorKey, """{"apiKey":"sk-canary-0123456789"}""");
        Assert.Equal(HttpStatusCode.OK, saved.StatusCode);
        foreach (var path in new[] { "/api/v1/providers", "/api/v1/audit", "/api/v1/routes" })
        {
            using var response = await SendAsync(client, "GET", path, ServerFactory.AdministratorKey, null);
            Assert.DoesNotContain("canary", await response.Content.ReadAsStringAsync());
        }
    }

    private static async Task<string> MakeKeyAsync(HttpClient client, string? role)
    {
        var body = role is null ? """{"name":"gateway"}""" : $$"""{"name":"{{role}}","role":"{{role}}"}""";
        using var response = await SendAsync(client, "POST", "/api/v1/keys", ServerFactory.AdministratorKey, body);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return json.RootElement.GetProperty("key").GetString()!;
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string name, string? key)
    {
        var (method, path) = (name[..name.IndexOf(' ')], name[(name.IndexOf(' ') + 1)..]);
        // Ids of nothing and an empty body: whoever gets through changes nothing.
        path = path.Replace("{id:guid}", "01890a5d-ac96-774b-bcce-b302099a8057", StringComparison.Ordinal);
        path = System.Text.RegularExpressions.Regex.Replace(path, @"\{[^}]*\}", "nothing");
        using var response = await SendAsync(client, method, path, key, method is "GET" or "DELETE" ? null : "{}");
        return response.StatusCode;
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string method, string path, string? key, string? body)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        return client.SendAsync(request);
    }
}
