/// Our own documentation's small part of Markdown as markup: headings (`##`), paragraphs, lists (`-`), fenced code, and within
/// lines `code` and *emphasis*. Everything else stands as written, escaped.
func prose(_ text: String, headings: Bool = true) -> HTML {
    var out = HTML.empty
    var paragraph: [Substring] = []
    var items: [String] = []
    var fence: [Substring]?
    func flush() {
        if !paragraph.isEmpty {
            out.append(p { inlineProse(paragraph.joined(separator: " ")) })
            paragraph = []
        }
        if !items.isEmpty {
            out.append(ul { for item in items { li { inlineProse(item) } } })
            items = []
        }
    }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
        if line.hasPrefix("```") {
            if let code = fence {
                out.append(codeBlock(code.joined(separator: "\n")))
                fence = nil
            } else {
                flush()
                fence = []
            }
        } else if fence != nil {
            fence?.append(line)
        } else if line.allSatisfy({ $0 == " " }) {
            flush()
        } else if line.hasPrefix("## ") {
            flush()
            let title = String(line.dropFirst(3))
            out.append(headings ? h2(title) : p { strong(title) })
        } else if line.hasPrefix("- ") {
            if !paragraph.isEmpty { flush() }
            items.append(String(line.dropFirst(2)))
        } else if !items.isEmpty, line.hasPrefix("  ") {
            items[items.count - 1] += " " + line.drop { $0 == " " }
        } else {
            if !items.isEmpty { flush() }
            paragraph.append(line)
        }
    }
    if let code = fence { out.append(codeBlock(code.joined(separator: "\n"))) }
    flush()
    return out
}

/// One line: `code` between backticks, *emphasis* between asterisks. A sign without its partner is a sign.
func inlineProse(_ text: String) -> HTML {
    var out = HTML.empty
    var rest = text[...]
    while let start = rest.firstIndex(where: { $0 == "`" || $0 == "*" }) {
        let sign = rest[start]
        let inside = rest[rest.index(after: start)...]
        guard let end = inside.firstIndex(of: sign), end > inside.startIndex else {
            out.append(HTML(String(rest[...start])))
            rest = inside
            continue
        }
        out.append(HTML(String(rest[..<start])))
        let words = String(inside[..<end])
        out.append(sign == "`" ? code(words) : HTML.element("em", [], HTML(words)))
        rest = inside[inside.index(after: end)...]
    }
    out.append(HTML(String(rest)))
    return out
}
