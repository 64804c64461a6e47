using MudBlazor;

namespace Bellwether.Dashboard;

/// <summary>
/// The palette, once for both schemes. Two theme providers write both into the page, each under its own selector, so that the
/// browser alone decides which one holds: no flash, no round trip, and the system's setting works before the circuit does.
/// Text colours reach 4.5:1 on every surface they stand on.
/// </summary>
internal static class BellwetherTheme
{
    private static readonly string[] Sans =
        ["Inter", "Inter Variable", "ui-sans-serif", "system-ui", "-apple-system", "Segoe UI Variable Text", "Segoe UI", "Roboto", "Helvetica Neue", "Noto Sans", "Arial", "sans-serif"];

    public static readonly MudTheme Light = Create(":root");
    public static readonly MudTheme Dark = Create(":root[data-theme=dark]");

    private static MudTheme Create(string scope) => new()
    {
        PseudoCss = new PseudoCss { Scope = scope },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "6px", AppbarHeight = "52px", DrawerWidthLeft = "224px" },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Sans, FontSize = ".8125rem", LineHeight = "1.5", LetterSpacing = "normal" },
            H1 = new H1Typography { FontSize = "1.375rem", FontWeight = "600", LineHeight = "1.3", LetterSpacing = "-.015em" },
            H2 = new H2Typography { FontSize = "1.125rem", FontWeight = "600", LineHeight = "1.35", LetterSpacing = "-.01em" },
            H3 = new H3Typography { FontSize = "1rem", FontWeight = "600", LineHeight = "1.4", LetterSpacing = "-.005em" },
            H4 = new H4Typography { FontSize = ".875rem", FontWeight = "600", LineHeight = "1.45", LetterSpacing = "normal" },
            H5 = new H5Typography { FontSize = ".8125rem", FontWeight = "600", LineHeight = "1.45", LetterSpacing = "normal" },
            H6 = new H6Typography { FontSize = ".8125rem", FontWeight = "600", LineHeight = "1.45", LetterSpacing = "normal" },
            Subtitle1 = new Subtitle1Typography { FontSize = ".875rem", LineHeight = "1.5", LetterSpacing = "normal" },
            Subtitle2 = new Subtitle2Typography { FontSize = ".8125rem", FontWeight = "550", LineHeight = "1.5", LetterSpacing = "normal" },
            Body1 = new Body1Typography { FontSize = ".8125rem", LineHeight = "1.5", LetterSpacing = "normal" },
            Body2 = new Body2Typography { FontSize = ".8125rem", LineHeight = "1.5", LetterSpacing = "normal" },
            Button = new ButtonTypography { FontSize = ".8125rem", FontWeight = "500", LineHeight = "1.5", LetterSpacing = "normal", TextTransform = "none" },
            Caption = new CaptionTypography { FontSize = ".75rem", LineHeight = "1.45", LetterSpacing = "normal" },
            Overline = new OverlineTypography { FontSize = ".6875rem", FontWeight = "550", LineHeight = "1.4", LetterSpacing = ".04em" },
        },
        PaletteLight = new PaletteLight
        {
            Primary = "#0b766c", PrimaryContrastText = "#ffffff",
            Secondary = "#5457c8", SecondaryContrastText = "#ffffff",
            Tertiary = "#3f4651", TertiaryContrastText = "#ffffff",
            Info = "#1d67b8", Success = "#13743f", Warning = "#935a06", Error = "#c02b35", Dark = "#1a1d23",
            Background = "#f7f8f9", BackgroundGray = "#f1f2f4", Surface = "#ffffff",
            AppbarBackground = "#ffffff", AppbarText = "#16181d",
            DrawerBackground = "#f7f8f9", DrawerText = "#3f4651", DrawerIcon = "#5b626e",
            TextPrimary = "#16181d", TextSecondary = "#565d69", TextDisabled = "#8d939d",
            ActionDefault = "#565d69", ActionDisabled = "#a3a8b1", ActionDisabledBackground = "#eceef1",
            LinesDefault = "#e4e6ea", LinesInputs = "#cfd3d9", TableLines = "#e9ebee", TableHover = "#f4f5f7", TableStriped = "#fafbfb",
            Divider = "#e4e6ea", DividerLight = "#eef0f2", Skeleton = "#eceef1",
            GrayDefault = "#8d939d", GrayLight = "#cfd3d9", GrayLighter = "#eceef1", GrayDark = "#565d69", GrayDarker = "#3f4651",
            OverlayDark = "rgba(16,18,23,.42)", OverlayLight = "rgba(255,255,255,.6)",
            HoverOpacity = 0.05, RippleOpacity = 0.06,
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#45c4b4", PrimaryContrastText = "#05201d",
            Secondary = "#989bf0", SecondaryContrastText = "#0d0e2b",
            Tertiary = "#b9bfc9", TertiaryContrastText = "#0e1014",
            Info = "#6aaef2", Success = "#56c487", Warning = "#e0a94a", Error = "#f2777e", Dark = "#e8eaee",
            Background = "#0c0e11", BackgroundGray = "#101317", Surface = "#13161b",
            AppbarBackground = "#0c0e11", AppbarText = "#e8eaee",
            DrawerBackground = "#0c0e11", DrawerText = "#b9bfc9", DrawerIcon = "#8f96a3",
            TextPrimary = "#e8eaee", TextSecondary = "#9aa1ad", TextDisabled = "#646b77",
            ActionDefault = "#9aa1ad", ActionDisabled = "#555b66", ActionDisabledBackground = "#1c2027",
            LinesDefault = "#22262d", LinesInputs = "#343a44", TableLines = "#1e2228", TableHover = "#181c22", TableStriped = "#15181d",
            Divider = "#22262d", DividerLight = "#1b1f25", Skeleton = "#1d2128",
            GrayDefault = "#646b77", GrayLight = "#343a44", GrayLighter = "#22262d", GrayDark = "#9aa1ad", GrayDarker = "#b9bfc9",
            OverlayDark = "rgba(0,0,0,.6)", OverlayLight = "rgba(19,22,27,.6)",
            HoverOpacity = 0.07, RippleOpacity = 0.08,
        },
    };
}
