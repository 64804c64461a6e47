using Bellwether.Detection;

namespace Bellwether.Dashboard.Tests;

/// <summary>What the System page says of the product's own troubles.</summary>
public sealed class SystemPageTests
{
    [Fact]
    public void A_detector_that_is_missing_is_named_with_the_reason_and_what_follows()
    {
        Assert.Empty(SystemPage.Missing([]));
        Assert.Equal(
            ["Running without the detector \"harm\", whose verdict is unknown for every text. The model of the detector 'harm' cannot be used: it was cut."],
            SystemPage.Missing([new BrokenModel("harm", "The model of the detector 'harm' cannot be used: it was cut.")]));
    }
}
