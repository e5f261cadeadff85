/// A line of numbers over time, small enough for a figure. The label says in words what it shows.
func sparkline(_ values: [Int], label title: String) -> HTML {
    let highest = max(values.max() ?? 0, 1)
    let step = values.count > 1 ? 120.0 / Double(values.count - 1) : 0
    let points = values.enumerated().map { index, value in
        "\(rounded(Double(index) * step)),\(rounded(30 - 26 * Double(max(0, value)) / Double(highest)))"
    }
    let linePoints = points.joined(separator: " ")
    return svgElement(
        .class("spark"), Attribute("viewBox", "0 0 120 32"), .role("img"), .label(title),
        Attribute("preserveAspectRatio", "none")
    ) {
        HTML.element("polygon", [.class("spark-area"), Attribute("points", "0,32 \(linePoints) 120,32")], .empty)
        svgPolyline(.class("spark-line"), Attribute("points", linePoints), Attribute("fill", "none"))
    }
}

struct Bar: Sendable {
    let label: String
    let value: Int
    let tone: Tone

    init(_ label: String, _ value: Int, tone: Tone = .accent) {
        self.label = label
        self.value = value
        self.tone = tone
    }
}

/// Bars lying on their side: name, bar, number. Read as a list by screen readers.
func barChart(_ bars: [Bar], label title: String) -> HTML {
    let highest = max(bars.map(\.value).max() ?? 0, 1)
    return ul(.class("bars"), .label(title)) {
        for bar in bars {
            li {
                span(bar.label, .class("bar-label"))
                svgElement(
                    .class("bar \(bar.tone.rawValue)"), Attribute("viewBox", "0 0 100 8"), .hiddenFromReaders,
                    Attribute("preserveAspectRatio", "none")
                ) {
                    svgRect(.class("bar-track"), Attribute("width", "100"), Attribute("height", "8"))
                    svgRect(
                        .class("bar-fill"), Attribute("width", rounded(100 * Double(max(0, bar.value)) / Double(highest))),
                        Attribute("height", "8"))
                }
                span(grouped(bar.value), .class("num"))
            }
        }
    }
}

/// One decimal, without a formatter.
private func rounded(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
}
