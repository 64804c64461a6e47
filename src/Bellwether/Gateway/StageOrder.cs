using Bellwether.Exchange;
using Bellwether.Telemetry;
using Microsoft.Extensions.Logging;

namespace Bellwether.Gateway;

/// <summary>The order in which a call passes its stages. This list is the only place that says it.</summary>
internal static class StageOrder
{
    public static readonly IReadOnlyList<string> Names =
    [
        "limits",       // budget, rate, abuse: the cheapest "no" first
        "guardrails",   // injection, personal data
        "experiments",  // flag, variant, prompt version: may change the request
        "cache",        // may answer; after guards and variants, which decide what is asked
        "routing",      // tier, fallback, health
    ];
}

/// <summary>The stages that are installed, in order.</summary>
internal sealed class ExchangeStages
{
    private readonly IExchangeStage[] _stages;
    private readonly ILogger<ExchangeStages> _logger;

    public ExchangeStages(IEnumerable<IExchangeStage> stages, ILogger<ExchangeStages> logger)
    {
        _logger = logger;
        var order = StageOrder.Names.ToList();
        _stages = [.. stages.OrderBy(stage => order.IndexOf(stage.Name))];
        foreach (var stage in _stages)
        {
            if (!order.Contains(stage.Name))
            {
                throw new InvalidOperationException($"The stage '{stage.Name}' has no place in StageOrder.");
            }
        }
    }

    /// <summary>Runs the stages until one refuses or answers.</summary>
    public async ValueTask<StageVerdict> BeforeAsync(CallSession session)
    {
        foreach (var stage in _stages)
        {
            session.StagesSeen++;
            var verdict = await stage.BeforeAsync(session.Call, session.Running.Token);
            if (verdict.Refusal is not null || verdict.Answer is not null)
            {
                return verdict;
            }
        }
        return StageVerdict.Continue;
    }

    /// <summary>Shows the stages another body of the call, until one refuses it.</summary>
    public async ValueTask<Refusal?> AgainAsync(CallSession session)
    {
        foreach (var stage in _stages)
        {
            var verdict = await stage.AgainAsync(session.Call, session.Running.Token);
            if (verdict.Refusal is { } refusal)
            {
                return refusal;
            }
        }
        return null;
    }

    /// <summary>Does what stages left for when the call is under way; once.</summary>
    public void Later(ModelCall call)
    {
        if (call.Later is not { } later)
        {
            return;
        }
        call.Later = null;
        try
        {
            later();
        }
        catch (Exception error)
        {
            // It changes nothing of the call, so its failure must not either.
            Log.StageFailed(_logger, error, nameof(ModelCall.Later));
        }
    }

    /// <summary>Tells the stages that saw the call what became of it, in reverse.</summary>
    public void Ended(CallSession session, Observation observation)
    {
        for (var i = session.StagesSeen - 1; i >= 0; i--)
        {
            try
            {
                _stages[i].Ended(session.Call, observation);
            }
            catch (Exception error)
            {
                // A stage's book-keeping must cost neither the answer nor the record.
                Log.StageFailed(_logger, error, _stages[i].Name);
            }
        }
        session.StagesSeen = 0;
    }
}
