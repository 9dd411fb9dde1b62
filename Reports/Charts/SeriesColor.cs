namespace FlowRatio.Reports.Charts;

/// <summary>
/// Places in the palette; page.css gives each a colour for light and one for dark. Contrast with the page is at least 3, and any
/// two stay apart for readers with deuteranopia, protanopia and tritanopia (shapes differ as well).
/// </summary>
public enum SeriesColor
{
    /// <summary>The page's accent.</summary>
    Blue = 1,

    /// <summary>Light blue.</summary>
    Sky = 2,

    /// <summary>Bluish green.</summary>
    Green = 3,

    /// <summary>For what others are compared with.</summary>
    Gray = 4,

    /// <summary>Dark in light pages, light in dark ones.</summary>
    Olive = 5,

    /// <summary>Orange.</summary>
    Orange = 6,

    /// <summary>Vermillion.</summary>
    Vermillion = 7,

    /// <summary>Reddish purple.</summary>
    Pink = 8,

    /// <summary>Violet.</summary>
    Violet = 9,
}
