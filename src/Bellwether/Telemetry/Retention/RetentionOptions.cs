using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Bellwether.Telemetry;

/// <summary>Section <c>Bellwether:Retention</c>: how long what is stored is kept, in whole UTC days. What is dropped cannot be brought back.</summary>
public sealed class RetentionOptions
{
    /// <summary>Days that prompts, answers, attributes and attachments are kept; 0 keeps them as long as the observations. Fewer save most of the disk.</summary>
    [Range(0, 36_500)]
    public int TextDays { get; set; }

    /// <summary>Days that observations, annotations and everything else of them are kept; 0 for ever.</summary>
    [Range(0, 36_500)]
    public int Days { get; set; }
}

[OptionsValidator]
internal sealed partial class RetentionOptionsValidator : IValidateOptions<RetentionOptions>;
