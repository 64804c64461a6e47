using Bellwether.Identity;
using Bellwether.Providers;

namespace Bellwether.Dashboard;

/// <summary>Sets up providers, tests their connection, and routes models to them.</summary>
public sealed partial class ProvidersPage
{
    private readonly Dictionary<string, ProviderTestResult> _tests = [];
    private IReadOnlyList<ProviderInfo> _providers = [];
    private IReadOnlyList<ProviderRoute> _routes = [];
    private bool _mayChange;
    private string? _testing;
    private Form? _form;
    private string _pattern = "";
    private string _target = "";

    protected override Task<bool> LoadAsync(Actor actor)
    {
        _mayChange = actor.IsOperator;
        _providers = Settings.List(actor);
        _routes = Settings.Routes(actor);
        return Task.FromResult(_providers.Count > 0);
    }

    private void Open(ProviderInfo? provider)
    {
        ClearErrors();
        if (provider is null)
        {
            _form = new Form { IsNew = true };
            Choose("openai");
            return;
        }

        var known = ProviderPresets.Find(provider.Name)?.Name ?? ProviderPresets.All.First(preset => preset.Kind == provider.Kind).Name;
        _form = new Form
        {
            Kind = known, Name = provider.Name, BaseUrl = provider.BaseUrl, HasKey = provider.HasKey, Models = string.Join(", ", provider.Models),
        };
    }

    private void Choose(string preset)
    {
        if (_form is not { } form)
        {
            return;
        }

        var was = ProviderPresets.Find(form.Kind);
        var now = ProviderPresets.Find(preset)!;
        form.Kind = preset;
        // What the person typed stays; what the former choice filled in follows the new one.
        if (form.IsNew && (form.Name.Length == 0 || form.Name == was?.Name))
        {
            form.Name = preset;
        }

        if (form.BaseUrl.Length == 0 || form.BaseUrl == was?.BaseUrl?.OriginalString)
        {
            form.BaseUrl = now.BaseUrl?.OriginalString ?? "";
        }
    }

    private async Task SaveAsync()
    {
        var form = _form!;
        var entry = new ProviderEntry(
            form.Kind, form.BaseUrl, form.ApiKey.Length > 0 ? form.ApiKey : null,
            form.Models.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), null);
        if (await ApplyAsync(actor => Settings.SaveAsync(actor, form.Name, entry, Gone), $"{form.Name} is saved.") is { } saved)
        {
            _form = null;
            _tests.Remove(saved.Name);
        }
    }

    private async Task RemoveAsync(string name) => await ApplyAsync(actor => Settings.DeleteAsync(actor, name, Gone), $"{name} is removed.");

    private async Task TestAsync(string name)
    {
        if (!(await ActorAsync()).IsOperator)
        {
            return;
        }

        _testing = name;
        _tests.Remove(name);
        StateHasChanged();
        try
        {
            if (await Test.RunAsync(name, Gone) is { } result)
            {
                _tests[name] = result;
                Notice = $"{name}: {result.Message}";
            }
        }
        finally
        {
            _testing = null;
        }
    }

    private async Task AddRouteAsync()
    {
        if (await ApplyAsync(actor => Settings.SaveRouteAsync(actor, new ProviderRoute(_pattern.Trim(), _target), Gone), "The route is set.") is not null)
        {
            (_pattern, _target) = ("", "");
        }
    }

    private async Task RemoveRouteAsync(string pattern) => await ApplyAsync(actor => Settings.DeleteRouteAsync(actor, pattern, Gone), "The route is removed.");

    private static string TitleOf(string preset) => preset switch
    {
        "openai" => "OpenAI",
        "anthropic" => "Anthropic",
        "azure" => "Azure OpenAI",
        "gemini" => "Google Gemini",
        "ollama" => "Ollama",
        "vllm" => "vLLM",
        "mistral" => "Mistral",
        "groq" => "Groq",
        "openrouter" => "OpenRouter",
        "deepseek" => "DeepSeek",
        "together" => "Together",
        _ => preset,
    };

    private sealed class Form
    {
        public bool IsNew { get; init; }
        public bool HasKey { get; init; }
        public string Kind { get; set; } = "";
        public string Name { get; set; } = "";
        public string BaseUrl { get; set; } = "";
        public string ApiKey { get; set; } = "";
        public string Models { get; set; } = "";
    }
}
