using System.Collections.Immutable;
using Bellwether.Flags;
using Bellwether.Identity;
using Bellwether.Primitives;
using Microsoft.AspNetCore.Components;

namespace Bellwether.Dashboard;

/// <summary>Requirement X1: the flags of a project; the definition is changed as the JSON of the API.</summary>
public sealed partial class FlagsPage
{
    private ImmutableArray<Flag> _flags = [];
    private FlagForm? _form;
    private bool _mayChange;

    [Parameter]
    public string Project { get; set; } = ProjectId.Default.Value;

    private ProjectId ProjectId => new(Project);

    protected override Task<bool> LoadAsync(Actor actor)
    {
        _mayChange = actor.May(Role.Editor, ProjectId);
        _flags = actor.MaySee(ProjectId) ? Book.Of(ProjectId).All : [];
        return Task.FromResult(!_flags.IsEmpty);
    }

    private void Open(Flag? flag)
    {
        ClearErrors();
        _form = new FlagForm(flag);
    }

    private async Task SaveAsync()
    {
        var form = _form!;
        var read = FlagText.Read(form.Text);
        if (read.Value is not { } body)
        {
            Refuse(FlagForm.Gather(read.Errors));
            return;
        }
        var saved = form.IsNew
            ? await ApplyAsync(actor => Store.CreateAsync(actor, ProjectId, body with { Key = body.Key ?? form.Key.Trim() }, Gone), $"{form.Key.Trim()} is made.")
            : await ApplyAsync(actor => Store.SaveAsync(actor, ProjectId, form.Key, body, Gone), $"{form.Key} is changed.");
        if (saved is not null) { _form = null; }
        else { ShowErrors(FlagForm.Gather(Errors)); }
    }

    // As it is now: what somebody else changed since the page was read stays.
    private async Task TurnAsync(Flag flag) => await ApplyAsync(
        actor => Store.SaveAsync(actor, ProjectId, flag.Key, FlagBody.Of(Book.Of(ProjectId).Find(flag.Key) ?? flag) with { Enabled = !flag.Enabled }, Gone), $"{flag.Key} is {(flag.Enabled ? "disabled" : "enabled")}.");

    private async Task RemoveAsync(Flag flag) => await ApplyAsync(actor => Store.RemoveAsync(actor, ProjectId, flag.Key, Gone), $"{flag.Key} is removed.");

    private sealed class FlagForm(Flag? flag)
    {
        public const string Definition = "definition";

        private const string Example =
            """
            {
              "description": "",
              "type": "boolean",
              "rules": [
                { "when": [{ "attribute": "plan", "operator": "eq", "value": "pro" }], "variant": "on" }
              ],
              "split": [
                { "variant": "on", "weight": 1000 },
                { "variant": "off", "weight": 9000 }
              ]
            }
            """;

        public bool IsNew => flag is null;
        public string Key { get; set; } = flag?.Key ?? "";
        public string Text { get; set; } = flag is null ? Example : FlagText.Write(flag);

        // All fields but the key stand in one input, so that what is wrong names its field there.
        public static Dictionary<string, string[]> Gather(IReadOnlyDictionary<string, string[]> errors)
        {
            var gathered = errors.Where(error => error.Key == "key").ToDictionary(error => error.Key, error => error.Value);
            string[] others = [.. errors.Where(error => error.Key is not ("key" or Definition)).Select(error => $"{error.Key} {string.Join(", ", error.Value)}".TrimStart()), .. errors.GetValueOrDefault(Definition) ?? []];
            if (others.Length > 0) { gathered[Definition] = others; }
            return gathered;
        }
    }
}
